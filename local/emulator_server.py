"""Runs moto's AWS server on the loopback interface, with a clock that can be moved.

Prints one line of JSON, {"port": N}, when it listens; ends when its standard input closes,
so it never outlives the process that started it. Beside the AWS APIs it answers, under
/_keyturn/ (no bucket can have that name):

  GET  clock                 {"now": milliseconds since 1970}
  PUT  clock                 the same shape; time ticks on from there
  PUT  access-key-last-used  {"accessKeyId", "date": ms, "service", "region"}; without date: never used
  PUT  root-access-keys      {"account", "active"}: how many Active ones the root user has
  PUT  users                 {"account", "users": [{"name", "createdAt": ms, "keys": [ms, ...]}]}: adds them with
                             Active keys of that age, thousands in a second
  DELETE invocations         [{"functionArn", "event"}]: those that nobody waits for, oldest first; they are then gone
  GET  function-code?arn=    the deployed zip (moto's GetFunction names a bucket that does not exist)
"""

import json
import os
import signal
import sys
import threading
import time
from datetime import datetime, timezone
from urllib.parse import parse_qs

import moto_adjustments
from kept_connections import KeptConnections

moto_adjustments.leave_out_openapi()

import time_machine  # noqa: E402
from moto.awslambda.models import lambda_backends  # noqa: E402
from moto.iam.models import AccessKeyLastUsed, IAMBackend, iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402


class Clock:
    def __init__(self):
        self.lock = threading.Lock()
        self.coordinates = None

    def read(self, _request):
        return {"now": round(time.time() * 1000)}

    def move(self, request):
        target = datetime.fromtimestamp(request["now"] / 1000, timezone.utc)
        with self.lock:
            if self.coordinates is None:
                self.coordinates = time_machine.travel(target, tick=True).start()
            else:
                self.coordinates.move_to(target)
        return self.read(request)


def set_last_used(request):
    key_id = request["accessKeyId"]
    for account in list(iam_backends.values()):
        for backend in list(account.values()):
            for user in list(backend.users.values()):
                for key in user.access_keys:
                    if key.access_key_id == key_id:
                        key.last_used = last_use(request)
                        return {}
    raise LookupError(f"There is no access key {key_id}.")


def last_use(request):
    if request.get("date") is None:
        return None
    return AccessKeyLastUsed(timestamp=utc(request["date"]), service=request["service"], region=request["region"])


def utc(milliseconds):
    """As moto keeps times: in UTC and without saying so."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).replace(tzinfo=None)


def add_users(request):
    backend = iam_backends[request["account"]]["aws"]
    for wanted in request["users"]:
        user = backend.create_user("us-east-1", wanted["name"])
        user.create_date = utc(wanted["createdAt"])
        for created_at in wanted["keys"]:
            backend.create_access_key(wanted["name"]).create_date = utc(created_at)
    return {}


def set_root_access_keys(request):
    active = request["active"]
    if active not in (0, 1, 2):
        raise ValueError(f"A root user has 0, 1 or 2 Active access keys, not {active}.")
    iam_backends[request["account"]]["aws"].active_root_keys = active
    return {}


def put_the_root_user_into_credential_reports():
    """AWS reports the root user in the first row; moto leaves it out."""
    report_users = IAMBackend.get_credential_report

    def report(self):
        header, users = report_users(self).split("\n", 1)
        active = getattr(self, "active_root_keys", 0)
        row = dict.fromkeys(header.split(","), "N/A")
        row.update(
            user="<root_account>",
            arn=f"arn:{self.partition}:iam::{self.account_id}:root",
            user_creation_time="2015-01-01T00:00:00+00:00",
            password_enabled="not_supported",
            password_last_used="no_information",
            password_last_changed="not_supported",
            password_next_rotation="not_supported",
            mfa_active="true",
            access_key_1_active=str(active >= 1).lower(),
            access_key_2_active=str(active >= 2).lower(),
            cert_1_active="false",
            cert_2_active="false",
        )
        return "\n".join([header, ",".join(row.values()), users])

    IAMBackend.get_credential_report = report


def function_code(request):
    arn = request["arn"]
    region, account = arn.split(":")[3:5]
    function = lambda_backends[account][region].get_function(arn)
    return function.code_bytes


def control(routes, aws):
    """Answers /_keyturn/ itself and hands everything else to moto."""

    def application(environ, start_response):
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/_keyturn/"):
            return aws(environ, start_response)
        status, content_type, body = answer(routes, environ, path)
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]

    return application


def answer(routes, environ, path):
    route = routes.get((environ["REQUEST_METHOD"], path.removeprefix("/_keyturn/")))
    if route is None:
        return problem("404 Not Found", f"{path} is not one of the emulator's control paths.")
    try:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        result = route({**query, **json.loads(body or b"{}")})
    except Exception as error:
        return problem("400 Bad Request", f"{type(error).__name__}: {error}")
    if isinstance(result, bytes):
        return "200 OK", "application/zip", result
    return "200 OK", "application/json", json.dumps(result).encode()


def problem(status, message):
    return status, "application/json", json.dumps({"message": message}).encode()


def end_with_the_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    # Ctrl-C reaches this process too; it ends when its parent does, after the parent has tidied up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    moto_adjustments.remember_which_service_a_host_is()
    moto_adjustments.look_up_what_never_changes_once()
    moto_adjustments.leave_functions_to_the_runtime()
    invocations = moto_adjustments.keep_invocations_for_the_runtime()
    moto_adjustments.isolate_transactions()
    moto_adjustments.isolate_queues()
    moto_adjustments.answer_queries_quickly()
    moto_adjustments.list_users_by_pages()
    moto_adjustments.report_where_keys_were_used()
    moto_adjustments.find_keys_by_their_id()
    put_the_root_user_into_credential_reports()
    clock = Clock()
    routes = {
        ("GET", "clock"): clock.read,
        ("PUT", "clock"): clock.move,
        ("PUT", "access-key-last-used"): set_last_used,
        ("PUT", "root-access-keys"): set_root_access_keys,
        ("PUT", "users"): add_users,
        ("GET", "function-code"): function_code,
        ("DELETE", "invocations"): lambda _request: [invocations.pop(0) for _ in range(len(invocations))],
    }
    aws = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, control(routes, aws), threaded=True, request_handler=KeptConnections)
    threading.Thread(target=end_with_the_parent, daemon=True).start()
    print(json.dumps({"port": server.port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
