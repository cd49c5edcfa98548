"""The functions that a rewritten program calls, by the names that the rewriting gives them."""

from pvt.stepper.calls import called
from pvt.stepper.contexts import managed
from pvt.stepper.iteration import delegated, resumed, spread, walked
from pvt.stepper.matching import (
    instance,
    is_mapping,
    is_sequence,
    keyed,
    matched,
    measured,
    parted,
    remaining,
)
from pvt.stepper.operators import (
    COMPARE,
    FORWARD,
    Slot,
    augment_attribute,
    augment_item,
    compared,
    contains,
    into,
    item,
    joined,
    lacks,
)
from pvt.stepper.rounds import back, opened, round_
from pvt.stepper.touching import dated, entered, look, namespace, ra, rn, scope, shown, wa, wd, ws


def names():
    """The functions that a rewritten program calls, by the names that it calls them by."""
    made = {
        "@ra": ra,
        "@rd": dated,
        "@wa": wa,
        "@rn": rn,
        "@ws": ws,
        "@wd": wd,
        "@globals": namespace,
        "@scope": scope,
        "@t": look,
        "@m": matched,
        "@u": spread,
        "@s": shown,
        "@ms": is_sequence,
        "@mm": is_mapping,
        "@ml": measured,
        "@mu": parted,
        "@mk": keyed,
        "@mr": remaining,
        "@mc": instance,
    }
    made |= {
        "@item": item,
        "@slot": Slot,
        "@slice": slice,
        "@aa": augment_attribute,
        "@ai": augment_item,
    }
    made |= {
        "@it": walked,
        "@f": called,
        "@y": resumed,
        "@yf": delegated,
        "@round": round_,
        "@with": managed,
        "@o": opened,
    }
    made |= {"@in": entered, "@back": back, "@bin": contains, "@bnotin": lacks}
    for name, (plain, augmented) in FORWARD.items():
        made |= {f"@b{name}": joined(plain), f"@i{name}": into(augmented)}
    return made | {f"@b{name}": compared(operation) for name, operation in COMPARE.items()}
