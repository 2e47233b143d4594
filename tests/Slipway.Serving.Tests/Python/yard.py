"""A model that does what a test asks it to."""

import datetime
import os
import socket
import subprocess
import sys
import time

import numpy
import pandas


class Yard:
    def predict(self, context, data, params=None):
        if isinstance(data, dict) and "what" in data:
            return getattr(self, data["what"])(data)
        return {"type": type(data).__name__, "dtypes": self.dtypes(data), "values": data, "params": params}

    def dtypes(self, data):
        return [str(data[name].dtype) for name in data] if hasattr(data, "keys") else str(data.dtype)

    def pid(self, data):
        return os.getpid()

    def chat(self, data):
        print("printed by python")
        os.write(1, b"written by a library\n")
        print("said on stderr", file=sys.stderr)
        return sys.stdin.read()

    def fail(self, data):
        raise ValueError("no such flower")

    def hang(self, data):
        time.sleep(60)

    def die(self, data):
        os._exit(3)

    def grow(self, data):
        held = []
        while True:
            held.append(b"x" * (10 << 20))

    def allocate(self, data):
        return len(numpy.ones(1 << 40, dtype="int8"))

    def environment(self, data):
        return dict(os.environ)

    def connect(self, data):
        return attempt(lambda: socket.create_connection(("127.0.0.1", data["port"]), timeout=2).close())

    def read(self, data):
        return attempt(lambda: open(data["path"]).read())

    def write(self, data):
        return attempt(lambda: open(data["path"], "w").write("x"))

    def run(self, data):
        return attempt(lambda: subprocess.run(["/bin/cat", data["path"]], check=True, capture_output=True))

    def values(self, data):
        return {
            "nan": [1.5, float("nan"), numpy.float32("inf")],
            "array": numpy.array([[1, 2], [3, 4]]),
            "holes": numpy.array([1.0, numpy.nan]),
            "day": datetime.date(2024, 2, 29),
            "time": pandas.Timestamp("2024-02-29 12:30:00"),
            "times": numpy.array(["2024-02-29", "NaT"], dtype="datetime64[D]"),
            "never": pandas.NaT,
            "bytes": b"abc",
            "frame": pandas.DataFrame({"a": [1, 2], "b": ["x", None]}),
            "series": pandas.Series([1, 2], name="s"),
            "flag": numpy.bool_(True),
        }

    def strange(self, data):
        return object()


def attempt(act):
    try:
        act()
        return "done"
    except Exception as error:
        return type(error).__name__
