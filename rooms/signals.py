"""Facts that rooms tells; docs/events.md describes the payloads. ``room_uuid`` is a UUID, ``seat_key`` a text.

Those up to quality_sampled are for other apps too; the rest make the room's sockets see what was written.
"""

from __future__ import annotations

from vdx.lib.events import Fact

# A seat was let in.
participant_admitted = Fact("participant_admitted", provides=("room_uuid", "seat_key"))
# The first device that was let in is there.
room_opened = Fact("room_opened", provides=("room_uuid",))
# A guest has come to the waiting room. Told once for each time the guest knocked.
participant_waiting = Fact("participant_waiting", provides=("room_uuid", "seat_key"))
# A second device is there too. A device that comes back may have it told again.
call_started = Fact("call_started", provides=("room_uuid",))
# A call could not begin, since the hub holds as many as it can; seat_key is who could not come in.
call_refused = Fact("call_refused", provides=("room_uuid", "seat_key"))
# A call has begun above the hub's capacity, inside the grace; calls is how many there are now.
capacity_passed = Fact("capacity_passed", provides=("calls",))
# The last device has gone (is_final False: somebody may come back), or the room has closed (True).
call_ended = Fact("call_ended", provides=("room_uuid", "is_final"))
# The end was moved from inside the room or by its meeting; ends_at is the new one, in UTC.
room_extended = Fact("room_extended", provides=("room_uuid", "ends_at"))
# What one device measured of the last five seconds: docs/protocol.md, "quality". Not yet looked through.
quality_sampled = Fact("quality_sampled", provides=("room_uuid", "seat_key", "measures"))

# A device, or the hub's end of its socket, saw something go wrong. side is a SeatRole, what a rooms.enums.Trouble,
# detail of a fixed list (rooms/rules/trouble.py). seat_key is None before the page has a seat.
trouble_reported = Fact("trouble_reported", provides=("room_uuid", "seat_key", "side", "what", "detail"))
# The host has said that the consultation goes on by telephone; the room closes with it.
moved_to_telephone = Fact("moved_to_telephone", provides=("room_uuid",))
# A guest would rather go on by telephone, and the seat keeps it.
telephone_asked = Fact("telephone_asked", provides=("room_uuid", "seat_key"))

# A seat that waits has asked to be rung, or (is_asked False) can be rung no more.
ring_asked = Fact("ring_asked", provides=("room_uuid", "seat_key", "is_asked"))
# A host has rung at somebody who waits, once more each time.
room_rung = Fact("room_rung", provides=("room_uuid", "seat_key"))
# A host has said a ready sentence to these seats, which wait; seat_keys is a list.
sentence_told = Fact("sentence_told", provides=("room_uuid", "seat_keys"))
# A host's login has left the room by going to another one.
host_moved_on = Fact("host_moved_on", provides=("room_uuid", "seat_key"))
# A seat that waited was turned away.
participant_refused = Fact("participant_refused", provides=("room_uuid", "seat_key"))
# A host's login has logged out or may not host any more, and its seat was given up.
host_unseated = Fact("host_unseated", provides=("room_uuid", "seat_key"))
# A host has taken a device out of the call.
participant_removed = Fact("participant_removed", provides=("room_uuid", "seat_key"))
# A host wants a microphone switched off; by_seat_key is the host's.
participant_muted = Fact("participant_muted", provides=("room_uuid", "seat_key", "by_seat_key"))
# Another device has the code of this seat, and asks to have the call.
handover_asked = Fact("handover_asked", provides=("room_uuid", "seat_key"))
# People have lost a fixed room that they had by name or group; user_ids is a list. They may have it in another way.
room_use_ended = Fact("room_use_ended", provides=("user_ids",))
# The room's state or times, or whether it is locked, are not what they were.
room_changed = Fact("room_changed", provides=("room_uuid",))
# The room is closed for good; reason is a CloseReason.
room_closed = Fact("room_closed", provides=("room_uuid", "reason"))
