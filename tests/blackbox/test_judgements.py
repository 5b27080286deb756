"""Judgements, suppressions, changes and the audit chain, as a client of another language and an operator see them."""

import json
import subprocess

import grpc
import pytest

from client import Client, resolve
from test_service import details_of

LIST = """id,name,kind
1,Vostok Shipping,organization
2,OOO Vostok Shipping,organization
3,Sever Trading,organization
"""

MAPPING = """
[record]
id = "id"
kind = "kind"
names = ["name"]
"""


def run(program, *arguments, code=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
