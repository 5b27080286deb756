"""A client that knows nothing of the program but what reflection tells it."""

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


class Client:
    def __init__(self, address, **options):
        self.channel = grpc.insecure_channel(address, **options)
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.database)

    def services(self):
        return sorted(self.database.get_services())

    def _method(self, name):
        service, method = name.split("/")
        return self.pool.FindServiceByName("exonym.v1." + service).methods_by_name[method]

    def _messages(self, name):
        method = self._method(name)
        return GetMessageClass(method.input_type), GetMessageClass(method.output_type)

    def raw(self, name, request):
        """Calls a unary method and gives the bytes of the answer."""
        input_type, _ = self._messages(name)
        call = self.channel.unary_unary(f"/exonym.v1.{name}", input_type.SerializeToString, lambda data: data)
        return call(ParseDict(request, input_type()), timeout=20)

    def call(self, name, request=None):
        """Calls a unary method with a dictionary and gives one."""
        _, output_type = self._messages(name)
        return MessageToDict(output_type.FromString(self.raw(name, request or {})), preserving_proto_field_name=True)

    def stream(self, name, requests):
        """Calls a bidirectional method."""
        input_type, output_type = self._messages(name)
        call = self.channel.stream_stream(
            f"/exonym.v1.{name}", input_type.SerializeToString, output_type.FromString
        )
        for answer in call((ParseDict(request, input_type()) for request in requests), timeout=120):
            yield MessageToDict(answer, preserving_proto_field_name=True)

    def listen(self, name, request):
        """Calls a method that answers with a stream."""
        input_type, output_type = self._messages(name)
        call = self.channel.unary_stream(
            f"/exonym.v1.{name}", input_type.SerializeToString, output_type.FromString
        )
        for answer in call(ParseDict(request, input_type()), timeout=120):
            yield MessageToDict(answer, preserving_proto_field_name=True)


def resolve(text, **options):
    return {"query": {"names": [{"text": text}]}, "options": options}
