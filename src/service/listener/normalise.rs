use http::{HeaderMap, HeaderValue};
use tonic::{Code, Status};

/// The canonical name of a code, as in `DEADLINE_EXCEEDED`.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Whether a code speaks of a fault of the server.
pub(super) fn is_server_fault(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}

/// The code that a status of tonic itself should have had. Tonic tells what kind of fault it met only by its message;
/// tests provoke each one, so that a new version that words them differently is noticed.
fn meant(code: Code, message: &str) -> Code {
    match code {
        Code::OutOfRange if message.starts_with("Error, decoded message length too large") => Code::ResourceExhausted,
        Code::Internal
            if message.starts_with("failed to decode Protobuf message")
                || message.starts_with("protocol error: received message with invalid compression flag")
                || message.starts_with("Error decompressing")
                || message.starts_with("Unexpected EOF decoding stream")
                || message.starts_with("Missing request message") =>
        {
            Code::InvalidArgument
        }
        Code::Cancelled if message.starts_with("Timeout expired") => Code::DeadlineExceeded,
        code => code,
    }
}

/// Puts the code in headers or trailers right and returns it; `None` if they carry none.
pub(super) fn normalise(headers: &mut HeaderMap) -> Option<Code> {
    let code = Code::from_bytes(headers.get("grpc-status")?.as_bytes());
    if !matches!(code, Code::OutOfRange | Code::Internal | Code::Cancelled) {
        return Some(code);
    }
    let status = Status::from_header_map(headers)?;
    let meant = meant(code, status.message());
    if meant != code {
        headers.insert("grpc-status", HeaderValue::from(meant as i32));
    }
    Some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(status: &Status) -> Option<Code> {
        let mut headers = HeaderMap::new();
        status.add_header(&mut headers).unwrap();
        let code = normalise(&mut headers);
        assert_eq!(code, Status::from_header_map(&headers).map(|status| status.code()));
        code
    }

    #[test]
    fn only_what_tonic_says_of_itself_changes() {
        let oversize = "Error, decoded message length too large: found 9 bytes, the limit is: 4 bytes";
        assert_eq!(normalised(&Status::out_of_range(oversize)), Some(Code::ResourceExhausted));
        assert_eq!(normalised(&Status::out_of_range("page 9 of 4")), Some(Code::OutOfRange));
        let undecodable = "failed to decode Protobuf message: invalid tag value: 0";
        assert_eq!(normalised(&Status::internal(undecodable)), Some(Code::InvalidArgument));
        assert_eq!(normalised(&Status::internal("the index is damaged")), Some(Code::Internal));
        assert_eq!(normalised(&Status::cancelled("Timeout expired")), Some(Code::DeadlineExceeded));
        assert_eq!(normalised(&Status::cancelled("")), Some(Code::Cancelled));
        assert_eq!(normalised(&Status::not_found(undecodable)), Some(Code::NotFound));
        assert_eq!(normalise(&mut HeaderMap::new()), None);
    }
}
