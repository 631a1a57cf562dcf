"""OCI's REST API on the model: from an operation of the table to create, get, list, update and delete of resources.

**How to add a service.** Its operations, paths and bodies are already in `facts/data/api`. If they are not, add the
client to `CLIENTS` in `facts/data/from_oci.py` and run `python -m facts.data.refresh`. Then, beside the service's rules
in `sandbox/oci/services/<service>.py`, or in `api.py` of its folder:

1. Call `endpoint(token, client, noun)` for each type of resource. From then on the SDK's methods `create_<noun>`,
   `get_<noun>`, `list_<nouns>`, `update_<noun>`, `delete_<noun>` and `change_<noun>_compartment` are answered. Names of
   properties match by themselves (`ipv6CidrBlocks` is the provider's `ipv6cidrBlocks`). Say the few that differ in
   `names`, and methods with other names in `methods`.
2. Write a function with `@answers(client, "method_name")` for an operation of another kind, such as an action. It gets
   a `Request` and returns a `Response`. `created` and `changed` in `sandbox/oci/api/generic.py` create and update.
   Name the query parameters that it reads in `reads`, those that change nothing in `harmless`, and say `lists=True` if
   it answers by `page`: the others are refused. A function that only reads calls `request.meet_faults`.
3. Call `looks_up(client, method, function)` for data that nobody creates, such as images or shapes: the answer comes
   from the function of the provider that `@function` models.
4. Write `tests/sandbox/wire/services/test_<service>.py` with the official SDK: create, get, list, update, a refusal,
   delete.

An operation that no service mentions answers 501 by its name. So does a property or a filter that the model does not
have: nothing is silently dropped.
"""
