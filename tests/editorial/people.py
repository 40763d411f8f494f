"""The people of the tests."""


def enrolled(room):
    """Enroll one person of each role, and a second author."""
    room.enroll("Ada Approver", "approver")
    for name, role in (
        ("Rea Reader", "reader"),
        ("Ann Author", "author"),
        ("Bob Author", "author"),
        ("Rob Reviewer", "reviewer"),
        ("Pia Approver", "approver"),
    ):
        room.enroll(name, role, who="Ada Approver")
    return room
