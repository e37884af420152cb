"""Secrets are masked wherever they stand."""

from commands.rehearsal.hidden import Hidden


def test_a_hidden_value_is_masked_wherever_it_stands() -> None:
    hidden = Hidden()
    hidden.add("s3cret")

    assert hidden.text("s3cret and as3cretb") == "*** and a***b"


def test_a_value_that_holds_another_is_masked_as_a_whole() -> None:
    hidden = Hidden()
    for value in ("abc", "abc-def"):
        hidden.add(value)

    assert hidden.text("it is abc-def") == "it is ***"


def test_a_value_is_given_back_and_an_empty_one_hides_nothing() -> None:
    hidden = Hidden()

    assert hidden.add("s3cret") == "s3cret"
    assert hidden.add("") == ""
    assert hidden.text("plain") == "plain"


def test_its_own_text_says_only_how_many_there_are() -> None:
    hidden = Hidden()
    hidden.add("s3cret")

    assert repr(hidden) == "Hidden(1 values)"
