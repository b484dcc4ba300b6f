"""Where moto, as it comes, would not do as the local AWS. Each function is one adjustment and says why."""

import copy
import functools
import sys
import threading
import types
from collections import defaultdict


def leave_out_openapi():
    """moto imports an OpenAPI validator for API Gateway alone; without it 30 packages need no install."""
    package = types.ModuleType("openapi_spec_validator")
    package.validate = None
    validation = types.ModuleType("openapi_spec_validator.validation")
    exceptions = types.ModuleType("openapi_spec_validator.validation.exceptions")
    exceptions.OpenAPIValidationError = Exception
    for module in (package, validation, exceptions):
        sys.modules[module.__name__] = module


def remember_which_service_a_host_is():
    """moto lists its own folder and tries hundreds of patterns to tell it, at every request."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    search = DomainDispatcherApplication.get_backend_for_host
    DomainDispatcherApplication.get_backend_for_host = functools.lru_cache(maxsize=1000)(search)


def look_up_what_never_changes_once():
    """moto lists a class's methods at every request, and botocore's hundreds of services for each that is asked for."""
    from botocore.loaders import Loader
    from moto.core import responses

    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    list_services = Loader.list_available_services
    services = {}

    def listed(self, type_name):
        if type_name not in services:
            services[type_name] = list_services(self, type_name)
        return services[type_name]

    Loader.list_available_services = listed


def leave_functions_to_the_runtime():
    """moto itself would feed queues and streams to functions, in Docker containers, and drop what it fed."""
    from moto.awslambda.models import LambdaBackend
    from moto.dynamodb.models import dynamodb_backends
    from moto.sqs.models import sqs_backends

    register = LambdaBackend.create_event_source_mapping

    def register_only(self, spec):
        mapping = register(self, spec)
        for queue in sqs_backends[self.account_id][self.region_name].queues.values():
            queue.lambda_event_source_mappings.clear()
        for table in dynamodb_backends[self.account_id][self.region_name].tables.values():
            table.lambda_event_source_mappings.clear()
        return mapping

    LambdaBackend.create_event_source_mapping = register_only


def keep_invocations_for_the_runtime():
    """moto would run the function in a Docker container while the caller waits. Answers with where they are kept."""
    from moto.awslambda.models import LambdaBackend

    waiting = []
    invoke = LambdaBackend.invoke

    def keep(self, function_name, qualifier, body, headers, response_headers):
        if headers.get("X-Amz-Invocation-Type") != "Event":
            return invoke(self, function_name, qualifier, body, headers, response_headers)
        event = body.decode() if isinstance(body, bytes) else body
        waiting.append({"functionArn": self.get_function(function_name, qualifier).function_arn, "event": event})
        return b""

    LambdaBackend.invoke = keep
    return waiting


def isolate_transactions():
    """moto's transaction copies its tables whole and, when it fails, puts the copies back: that grows slow, and
    undoes what other requests wrote meanwhile. So one request at a time, and a copy that shares the items, which
    nothing changes in place."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table

    Table.__deepcopy__ = shared_copy
    DynamoDBBackend.update_item = update_a_copy(DynamoDBBackend.update_item)
    lock = threading.RLock()
    for name in ("get_item", "query", "scan", "put_item", "update_item", "delete_item", "transact_write_items"):
        setattr(DynamoDBBackend, name, one_at_a_time(lock, getattr(DynamoDBBackend, name)))


def isolate_queues():
    """moto hands one message to two callers that ask at once, and forgets what came while another was deleted."""
    from moto.sqs.models import SQSBackend

    lock = threading.RLock()
    for name in ("send_message", "delete_message", "change_message_visibility"):
        setattr(SQSBackend, name, one_at_a_time(lock, getattr(SQSBackend, name)))
    receive = SQSBackend.receive_message
    receive_alone = one_at_a_time(lock, receive)

    def received(self, queue_name, count, wait_seconds_timeout, *args, **kwargs):
        # Whoever waits for a message would keep it from coming.
        found = receive if wait_seconds_timeout else receive_alone
        return found(self, queue_name, count, wait_seconds_timeout, *args, **kwargs)

    SQSBackend.receive_message = received


def one_at_a_time(lock, method):
    @functools.wraps(method)
    def locked(*args, **kwargs):
        with lock:
            return method(*args, **kwargs)

    return locked


def shared_copy(table, _memo):
    twin = copy.copy(table)
    items = {key: dict(value) if table.has_range_key else value for key, value in table.items.items()}
    twin.items = defaultdict(dict, items)
    if table.stream_shard is not None:
        twin.stream_shard = copy.copy(table.stream_shard)
        twin.stream_shard.items = list(table.stream_shard.items)
        twin.stream_shard.table = twin
    return twin


def update_a_copy(update):
    """moto's update changes the stored item; puts and deletes replace it."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    @functools.wraps(update)
    def updated(self, table_name, key, *args, **kwargs):
        table = self.get_table(table_name)
        names = [table.hash_key_attr, *([table.range_key_attr] if table.has_range_key else [])]
        if all(name in key for name in names):
            hash_key, *range_key = (DynamoType(key[name]) for name in names)
            item = table.get_item(hash_key, *range_key)
            if item is not None:
                holder, last = (table.items[hash_key], range_key[0]) if range_key else (table.items, hash_key)
                holder[last] = copy.deepcopy(item)
        return update(self, table_name, key, *args, **kwargs)

    return updated


def answer_queries_quickly():
    """moto takes seconds to answer a query that finds a few thousand items: it copies them piece by piece, measures them
    again and again, and tries ten names for each attribute. Nothing changes an item in place (isolate_transactions), so
    the items themselves will do, measured once and written out once."""
    from moto.core.serialize import BaseJSONSerializer
    from moto.dynamodb import responses
    from moto.dynamodb.models import table, utilities
    from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

    def copied(value, memo=None):
        if isinstance(value, list) and value and isinstance(value[0], Item):
            return list(value)
        return copy.deepcopy(value, memo)

    table.copy = types.SimpleNamespace(copy=copy.copy, deepcopy=copied)
    compare = DynamoType.__lt__

    def is_less(one, other):
        return one.value < other.value if one.type == "S" == other.type else compare(one, other)

    DynamoType.__lt__ = is_less
    cast = DynamoType.cast_value.fget
    DynamoType.cast_value = property(lambda self: self.value if self.type == "S" else cast(self))
    Item.size = once("measured", Item.size)

    class Plain(dict):
        """An item as its JSON will be."""

    def has_bytes(value):
        if isinstance(value, (dict, list)):
            return any(map(has_bytes, value.values() if isinstance(value, dict) else value))
        return isinstance(value, bytes)

    expand = utilities.dynamo_to_dict

    def expanded(attributes):
        plain = {name: expand(value) for name, value in attributes.items()}
        return plain if has_bytes(plain) else Plain(plain)

    LimitedSizeDict.plain = once("expanded", expanded)

    def to_dict(value):
        return value.plain() if isinstance(value, LimitedSizeDict) else expand(value)

    utilities.dynamo_to_dict = responses.dynamo_to_dict = to_dict
    serialize_map = BaseJSONSerializer._serialize_type_map

    def serialized(self, serialized, value, shape, key):
        if isinstance(value, Plain):
            return self._default_serialize(serialized, value, shape, key)
        return serialize_map(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_map = serialized


def once(name, work):
    """The method's answer, kept under that name; a copy of the object begins without it."""

    def remembered(self):
        if name not in self.__dict__:
            self.__dict__[name] = work(self)
        return self.__dict__[name]

    return remembered


def list_users_by_pages():
    """moto answers with all of thousands of users at once; AWS with at most 1,000, and 100 unless more are asked for."""
    from moto.core.responses import ActionResult
    from moto.iam.responses import IamResponse

    def list_users(self):
        users = list(self.backend.list_users(self._get_param("PathPrefix"), None, None))
        start = int(self._get_param("Marker") or 0)
        end = start + min(int(self._get_param("MaxItems") or 100), 1000)
        page = {"Users": users[start:end], "IsTruncated": end < len(users)}
        return ActionResult({**page, "Marker": str(end)} if end < len(users) else page)

    IamResponse.list_users = list_users


def report_where_keys_were_used():
    """moto's credential report says when a key was used, and of service and Region that they are not supported."""
    from moto.iam.models import AccessKeyLastUsed, User

    to_csv = User.to_csv
    # The columns of service and Region, from the end: a user's name may hold commas.
    columns = [(-10, -11), (-5, -6)]

    def with_places(self):
        fields = to_csv(self).rstrip("\n").split(",")
        for number, places in enumerate(columns):
            key = self.access_keys[number] if number < len(self.access_keys) else None
            used = key.last_used if key is not None else None
            known = isinstance(used, AccessKeyLastUsed)
            for place, value in zip(places, (used.service, used.region) if known else ("N/A", "N/A")):
                fields[place] = value
        return ",".join(fields) + "\n"

    User.to_csv = with_places


def find_keys_by_their_id():
    """moto looks through the users of every account to tell when a key was used, or whose it is."""
    from moto.iam.models import IAMBackend, iam_backends

    search_last_use = IAMBackend.get_access_key_last_used
    search_user = IAMBackend.get_user_from_access_key_id

    def last_use(self, access_key_id):
        for account in list(iam_backends.values()):
            key = account[self.partition].access_keys.get(access_key_id)
            if key is not None:
                return {"user_name": key.user_name, "last_used": key.last_used}
        return search_last_use(self, access_key_id)

    def user_of(self, access_key_id):
        key = self.access_keys.get(access_key_id)
        user = self.users.get(key.user_name) if key is not None else None
        return user or search_user(self, access_key_id)

    IAMBackend.get_access_key_last_used = last_use
    IAMBackend.get_user_from_access_key_id = user_of
