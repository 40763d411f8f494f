"""A difference between two texts, as lines with the words that changed within them."""

from secondline.interfaces.web.difference_lines import difference_lines


def marked(difference, sort):
    lines = [line for line in difference_lines(difference) if line.sort == sort]
    return ["".join(text for text, changed in line.parts if changed) for line in lines]


def test_the_words_that_changed_are_marked_within_their_lines():
    difference = " id: a\n-  says: Some children lived.\n+  says: Many children lived."
    assert marked(difference, "removed") == ["Some"]
    assert marked(difference, "added") == ["Many"]
    assert marked(difference, "same") == [""]


def test_a_paragraph_that_was_only_wrapped_anew_is_not_marked():
    difference = "-  one two\n-  three\n+  one\n+  two three"
    assert marked(difference, "removed") == ["", ""] == marked(difference, "added")


def test_every_character_of_the_difference_is_shown():
    difference = "  ...\n topic: x\n-  a <b> c\n-d\n+  a <i> c\n+\n same"
    lines = difference_lines(difference)
    shown = ["".join(text for text, _ in line.parts) for line in lines]
    assert shown == [" ...", "topic: x", "  a <b> c", "d", "  a <i> c", "", "same"]
    assert [line.sort for line in lines] == [
        "skipped", "same", "removed", "removed", "added", "added", "same",
    ]  # fmt: skip


def test_nothing_is_said_to_be_left_out_before_the_first_line():
    assert [line.sort for line in difference_lines("  ...\n - id: a\n-  b: c")] == [
        "same",
        "removed",
    ]
    assert difference_lines("") == []


def test_a_change_too_long_to_compare_word_by_word_is_shown_unmarked():
    difference = "-" + "a " * 4_000 + "\n+" + "b " * 4_000
    assert marked(difference, "removed") == [""] == marked(difference, "added")
