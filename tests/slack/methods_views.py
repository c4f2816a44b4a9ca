"""views.*: triggers that work once and soon, a stack of three, and hashes against lost updates."""

from tests.slack.calling import ApiError, Caller, Method
from tests.slack.checks import view_faults
from tests.slack.state import JSON, Trigger, View
from tests.slack.views import StackFullError, as_payload


def _open(caller: Caller, args: JSON) -> JSON:
    trigger = _spend(caller, str(args["trigger_id"]))
    body = _body(caller, "views.open", args, "modal")
    return _answer(caller, caller.world.views.open(trigger.user, caller.team.id, body))


def _push(caller: Caller, args: JSON) -> JSON:
    trigger = _spend(caller, str(args["trigger_id"]))
    if not caller.world.views.stack(trigger.user) or not trigger.view:
        raise ApiError("not_found")
    body = _body(caller, "views.push", args, "modal")
    try:
        return _answer(caller, caller.world.views.push(trigger.user, caller.team.id, body))
    except StackFullError as full:
        raise ApiError("push_limit_reached") from full


def _update(caller: Caller, args: JSON) -> JSON:
    found = caller.world.views.find(
        view_id=str(args.get("view_id") or ""), external_id=str(args.get("external_id") or "")
    )
    if found is None or found.team != caller.team.id:
        raise ApiError("not_found")
    _require_fresh(found, args)
    body = _body(caller, "views.update", args, found.body["type"])
    return _answer(caller, caller.world.views.update(found, body))


def _publish(caller: Caller, args: JSON) -> JSON:
    user = str(args["user_id"])
    if not caller.world.app.home_tab:
        raise ApiError("not_enabled")
    if user not in caller.world.users or caller.world.users[user].deleted:
        raise ApiError("user_not_found")
    body = _body(caller, "views.publish", args, "home")
    earlier = caller.world.views.homes.get(user)
    if earlier is not None:
        _require_fresh(earlier, args)
    return _answer(caller, caller.world.views.publish(user, caller.team.id, body))


def _spend(caller: Caller, trigger_id: str) -> Trigger:
    trigger = caller.world.triggers.get(trigger_id)
    if trigger is None or trigger.team != caller.team.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if caller.world.clock.now() > trigger.until:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


def _body(caller: Caller, method: str, args: JSON, kind: str) -> JSON:
    view = args["view"]
    faults = view_faults(view) if isinstance(view, dict) else ["view: not an object"]
    if not faults and view["type"] != kind:
        faults = [f"view: a {view['type']} where a {kind} belongs"]
    caller.refuse(method, "invalid_arguments", faults)
    return {**view, "blocks": caller.world.numbered(view["blocks"])}


def _require_fresh(view: View, args: JSON) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise ApiError("hash_conflict")


def _answer(caller: Caller, view: View) -> JSON:
    return {"view": as_payload(view, app=caller.world.app.id, bot_id=caller.team.bot_id)}


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
