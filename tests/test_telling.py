from simgait.telling import heard_by, tell


def test_a_line_is_heard_by_whoever_listens_now():
    outer, inner = list[str](), list[str]()
    tell("to nobody")
    with heard_by(outer.append):
        tell("first")
        with heard_by(inner.append):
            tell("second")
        tell("third")
    tell("to nobody")
    assert (outer, inner) == (["first", "third"], ["second"])
