"""Which calls in a tree surely call one definition. What may mean something else is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from internflow.reviews.repository.bindings import Bound, find_bound, is_rebound
from internflow.reviews.repository.calls import Call, is_expected_to_fail, read_call
from internflow.reviews.repository.facts import CodeSymbol
from internflow.reviews.repository.nodes import LONGEST_LINE, ancestors, find_names
from internflow.reviews.repository.parameters import SCRIPTS
from internflow.reviews.repository.snapshot import Snapshot

MOST_CALLS = 500
FEWEST_LETTERS = 3
EXPORTS = ("exports", "module.exports")
CONSTRUCTORS = ("__init__", "constructor")

# Methods of built-in objects and of every second library: such a name says nothing of what it is called on.
_USUAL = """
open close read write readline readlines seek flush send recv get put post delete patch head options request run start
stop join wait cancel result execute fetch fetchone fetchall commit rollback cursor connect save load dump loads dumps
parse match search findall group groups sub filter map reduce each forEach push pop shift unshift slice splice concat
indexOf includes find some every then catch finally on off once emit bind call apply test exec toString valueOf add
remove contains size isEmpty next hasNext equals hashCode compareTo set log info debug warn error create build main
init setUp tearDown use render json end pipe listen handle stream all first last one none up down query scalar begin
notify print println printf format append of from with accept Read Write Close Error String Len Less Swap Next Scan
Get Set Add Done Lock Unlock Run Start Stop Reset Parse
"""
_KINDS = (str, bytes, list, dict, set, tuple, int, float, type, property)
_BUILT_IN = frozenset(name for kind in _KINDS for name in dir(kind)) | frozenset(_USUAL.split())
_SELF = ("self", "cls", "this", "super()", "super")


@dataclass(frozen=True)
class CallPlace:
    path: str
    call: Call
    quote: str


def find_callers(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> list[CallPlace]:
    """The calls of a function, of a method or, for a constructor, of its class; none when its name is ambiguous."""
    found: list[CallPlace] = []
    for place in _walk_callers(snapshot, path, symbol):
        found.append(place)
        if len(found) >= MOST_CALLS:
            break
    return found


def _walk_callers(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Iterator[CallPlace]:
    language = snapshot.files[path].language
    if symbol.name in CONSTRUCTORS or (language == "java" and symbol.owner.endswith(symbol.name)):
        owner = _find_plain_class(snapshot, path, symbol)
        if owner is not None:
            yield from _find_function_calls(snapshot, path, owner)
    elif symbol.owner and symbol.owner not in EXPORTS:
        yield from _find_method_calls(snapshot, path, symbol)
    else:
        yield from _find_function_calls(snapshot, path, symbol)


def _find_plain_class(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> CodeSymbol | None:
    """The class of a constructor, if making one calls that constructor and nothing else."""
    facts = snapshot.find_facts(path)
    owner = facts.find_symbol(symbol.owner) if facts is not None else None
    if facts is None or owner is None or owner.owner or "metaclass" in owner.signature:
        return None
    is_decorated = any(
        line.lstrip().startswith("@")
        for line in snapshot.read_lines(path)[owner.start - 1 : owner.line - 1]
    )
    return None if is_decorated or facts.find_symbol(f"{owner.symbol}.__new__") else owner


def _find_function_calls(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Iterator[CallPlace]:
    """Calls of what stands at the top of a file."""
    language = snapshot.files[path].language
    is_bound_by_import = language == "python" or language in SCRIPTS
    if not is_bound_by_import and not _is_alone(snapshot, symbol):
        return
    for user in _find_users(snapshot, path, symbol):
        if user == path:
            bound = Bound(frozenset({symbol.name}))
        elif is_bound_by_import:
            bound = find_bound(snapshot, user, path, symbol.name)
        else:
            bound = _find_linked(snapshot, user, path, symbol)
        own = symbol if user == path else None
        bare = {name for name in bound.bare if not is_rebound(snapshot, user, name, own)}
        for name in bare:
            yield from (p for p in read_calls(snapshot, user, name) if not p.call.receiver)
        if bound.receivers:
            calls = read_calls(snapshot, user, symbol.name)
            yield from (p for p in calls if p.call.receiver in bound.receivers)


def _find_linked(snapshot: Snapshot, user: str, path: str, symbol: CodeSymbol) -> Bound:
    """How a file of Go, Java or C names what another defines, given that one name has one meaning in the tree."""
    language = snapshot.files[path].language
    folder = PurePosixPath(path).parent
    if language == "c":
        return Bound() if "static" in symbol.signature else Bound(frozenset({symbol.name}))
    if language == "java" or PurePosixPath(user).parent == folder:
        return Bound(frozenset({symbol.name}))
    package = next((m[1] for line in snapshot.read_lines(path)[:200]
                    if (m := re.match(r"package\s+(\w+)", line))), "")  # fmt: skip
    return Bound(receivers=frozenset({package}) if package not in ("", "main") else frozenset())


def _find_method_calls(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> Iterator[CallPlace]:
    """Calls of a method whose name nothing else in the tree has."""
    is_java_child = snapshot.files[path].language == "java" and _has_parent(snapshot, path, symbol)
    if is_java_child or not symbol.owner.rpartition(".")[2] or not _is_alone(snapshot, symbol):
        return
    users = _find_users(snapshot, path, symbol)
    if any(_is_assigned(snapshot, user, symbol.name) for user in users):
        return
    for user in users:
        for place in read_calls(snapshot, user, symbol.name):
            if _is_called_on_owner(snapshot, place, path, symbol):
                yield place


def _is_called_on_owner(
    snapshot: Snapshot, place: CallPlace, path: str, symbol: CodeSymbol
) -> bool:
    """Whether what a method is called on is an object of its class, or the class itself."""
    receiver, owner = place.call.receiver, symbol.owner.rpartition(".")[2]
    if receiver in _SELF:
        return _is_inside(snapshot, place, path, owner)
    if not receiver:
        return snapshot.files[place.path].language == "java" and place.path == path
    if receiver == owner:
        return not _needs_instance(snapshot, path, symbol)
    facts = snapshot.find_facts(place.path)
    if facts is None or owner not in facts.words or symbol.name in _BUILT_IN:
        return False
    return _is_known_as(snapshot, place, owner)


def _is_known_as(snapshot: Snapshot, place: CallPlace, owner: str) -> bool:
    """Whether the file says that a receiver is an object of a class, or the receiver is named after the class."""
    receiver = place.call.receiver
    found = re.search(r"([^\W\d]\w*)$", receiver)
    if found is None:
        return re.match(rf"\(?(new )?([\w.]+\.)?{re.escape(owner)}\b", receiver) is not None
    word = found[1]
    if word.replace("_", "").lower() == owner.lower():
        return True
    o, w = re.escape(owner), re.escape(word)
    declared = re.compile(
        rf"\b{o}\b[\w<>\[\], ?*]{{0,80}}\s[*&]?{w}\b"  # Owner word
        rf"|\b{w}\s*:\s*['\"]?[\w.\[\]| ]{{0,80}}\b{o}\b"  # word: Owner
        rf"|\b{w}\s*:?=\s*(new\s+|&|await\s+)?([\w.]{{1,80}}\.)?{o}\s*[({{]"  # word = Owner(
        rf"|\b{w}\s+\*?([\w.]{{1,80}}\.)?{o}\b"  # word *Owner
    )
    lines = snapshot.read_lines(place.path)
    return any(owner in line and declared.search(line[:LONGEST_LINE]) for line in lines)


def _needs_instance(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> bool:
    """Whether `Class.method(...)` must pass the object, too."""
    if snapshot.files[path].language != "python":
        return False
    above = snapshot.read_lines(path)[symbol.start - 1 : symbol.line - 1]
    return not any(line.strip() in ("@staticmethod", "@classmethod") for line in above)


def _has_parent(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> bool:
    facts = snapshot.find_facts(path)
    owner = facts.find_symbol(symbol.owner) if facts is not None else None
    return owner is None or " extends " in f"{owner.signature} "


def _is_alone(snapshot: Snapshot, symbol: CodeSymbol) -> bool:
    if len(symbol.name) < FEWEST_LETTERS:
        return False
    found = snapshot.find_definitions(symbol.name)
    constructors = [s for _p, s in found if s.owner.endswith(symbol.name) and s.kind == "method"]
    return len(found) - len(constructors) == 1


def _is_assigned(snapshot: Snapshot, path: str, name: str) -> bool:
    """Whether some object is given an attribute of this name."""
    pattern = re.compile(rf"\.{re.escape(name)}\s*=[^=]|['\"]{re.escape(name)}['\"]")
    return any(name in line and pattern.search(line) for line in snapshot.read_lines(path))


def _is_inside(snapshot: Snapshot, place: CallPlace, path: str, owner: str) -> bool:
    """Whether a call on `self` stands in the class or in a class that names it as its base."""
    facts = snapshot.find_facts(place.path)
    around = [
        s
        for s in (facts.symbols if facts is not None else ())
        if s.kind == "class" and s.line <= place.call.line <= s.end
    ]
    if not around:  # JavaScript's `app.use = function () { this.... }`
        return place.path == path and snapshot.files[path].language in SCRIPTS
    inner = around[-1]
    return (inner.name == owner and place.path == path) or re.search(
        rf"\b{re.escape(owner)}\b", inner.signature.partition(inner.name)[2]
    ) is not None


def _find_users(snapshot: Snapshot, path: str, symbol: CodeSymbol) -> list[str]:
    """The files in the definition's language that have its name."""
    language = snapshot.files[path].language
    alike = SCRIPTS if language in SCRIPTS else {language}
    return [p for p in snapshot.find_mentions(symbol.name) if snapshot.files[p].language in alike]


def read_calls(snapshot: Snapshot, path: str, name: str) -> Iterator[CallPlace]:
    """The calls of a name in a file, whatever it means there; without those that a test wants to fail."""
    root, lines = snapshot.read_root(path), snapshot.read_lines(path)
    if root is None:
        return
    for node in find_names(root, lines, name):
        call = read_call(node)
        if call is None or is_expected_to_fail(node):
            continue
        if any(around.type == "decorator" for around in ancestors(node)):
            continue  # what stands below it may be an argument
        yield CallPlace(path, call, "\n".join(lines[call.line - 1 : call.end_line]))


def shorten(place: CallPlace, most_lines: int) -> CallPlace:
    """A call quoted by its first lines alone."""
    lines = place.quote.split("\n")[:most_lines]
    call = replace(place.call, end_line=place.call.line + len(lines) - 1)
    return CallPlace(place.path, call, "\n".join(lines))
