"""Whose fault it was: every complaint of the pilot's report, and everything that looks alike."""

from __future__ import annotations

from typing import Any

import pytest

from booking.enums import Cause, Confidence
from monitoring.rules.fault import Facts, How, Side, attribute, packets

WELL, POOR, FAILED = How.WELL, How.POOR, How.FAILED


def side(*troubles: str, test: str = "", **known: Any) -> Side:
    return Side(troubles=frozenset(troubles), test=frozenset(test.split()), **known)


FINE = side(gets=300, samples=60, rtt_ms=40, loss=0.001)
# Was there, and nothing came.
BARE = side(samples=6)
AWAY = side(came=False)

# What was seen: how, the doctor's side, the patient's side, other facts. Then the cause, and the weightiest evidence.
CASES: dict[str, tuple[How, Side, Side, dict[str, Any], Cause, str]] = {
    # --- The hub held as many calls as it can ---
    "the doctor pressed, and there was no place in the hub": (
        FAILED, BARE, side("hub_full", samples=6), {"at_once": 300}, Cause.HUB_FULL, "hub_full"),
    "the doctor never came in, since the hub was full": (
        FAILED, AWAY, side("hub_full"), {}, Cause.HUB_FULL, "hub_full"),
    "the hub was full, and neither camera was allowed": (
        FAILED, side("camera_refused"), side("hub_full", "camera_refused"), {"at_once": 60}, Cause.HUB_FULL,
        "hub_full"),
    "the hub was full at first, the call began later, and the patient's line was poor": (
        POOR, FINE, side("hub_full", slow_sending=0.6, gets=200), {"together": 300}, Cause.PATIENT_NETWORK,
        "patient_slow_sending"),
    # --- The complaints of the report, as far as they are about a call ---
    "the link arrived late: nobody opened it": (
        FAILED, BARE, AWAY, {}, Cause.HUMAN_NEVER_OPENED, "patient_never_opened"),
    "the link was cut in half: the patient never came": (
        FAILED, side(), AWAY, {}, Cause.HUMAN_NEVER_OPENED, "patient_never_opened"),
    "the app failed: no camera is given inside it": (
        FAILED, BARE, side("in_app", "insecure", app=True), {}, Cause.PATIENT_DEVICE, "patient_app_without_devices"),
    "the webcam was switched off, found out five minutes before": (
        FAILED, FINE, side("camera_missing"), {}, Cause.PATIENT_DEVICE, "patient_camera_missing"),
    "the doctor did not show up": (FAILED, AWAY, side(), {}, Cause.HUMAN_NEVER_OPENED, "doctor_never_opened"),
    "the doctor came when the patient had gone": (
        FAILED, side(late=1200), side(late=-60), {}, Cause.HUMAN_TOO_LATE, "never_there_at_once"),
    "took share screen for full screen: his picture ended": (
        POOR, FINE, side("camera_ended", gets=300, samples=60), {}, Cause.PATIENT_DEVICE, "patient_camera_ended"),
    "sound missing from the start": (
        FAILED, BARE, side("microphone_missing", gets=100), {}, Cause.PATIENT_DEVICE, "patient_microphone_missing"),
    "picture gone in mid-call": (
        POOR, FINE, side("camera_ended"), {}, Cause.PATIENT_DEVICE, "patient_camera_ended"),
    "the call froze and the link had to be loaded again": (
        POOR, FINE, side("frozen_here", "socket_lost", outage_alone=12, gets=200), {}, Cause.PATIENT_NETWORK,
        "patient_socket_gone_alone"),
    "the picture stood still for the doctor alone, and nothing else is known": (
        POOR, side("frozen_here", gets=200, samples=60), FINE, {}, Cause.DOCTOR_NETWORK, "doctor_stands_still"),
    "no sound at the doctor's, whose patient has a dead microphone": (
        POOR, side("no_sound_here", gets=200, samples=60), side("microphone_silent", gets=200, samples=60), {},
        Cause.PATIENT_DEVICE, "patient_microphone_silent"),
    "chopped noise: the doctor's way up": (
        POOR, side(slow_sending=0.6, gets=200), side(loss=0.12, gets=200), {}, Cause.DOCTOR_NETWORK,
        "doctor_slow_sending"),
    "delay: the patient's line is long": (
        POOR, FINE, side(rtt_ms=1200, gets=200), {}, Cause.PATIENT_NETWORK, "patient_long_way"),
    "several doctors share the practice's bandwidth": (
        POOR, side(slow_sending=0.5, loss=0.08, gets=200), FINE, {}, Cause.DOCTOR_NETWORK, "doctor_slow_sending"),
    "twelve practices never got a call through: a firewall at the doctor's": (
        FAILED, side("ice_failed"), side(gets=0), {}, Cause.FIREWALL, "doctor_media_blocked"),
    "it all looks alike: the server": (
        FAILED, side("server_refused", "ice_failed"), side("server_refused", "ice_failed"), {}, Cause.MEDIA_SERVER,
        "patient_no_media_server"),
    "my grandparents could not: an old browser": (
        FAILED, BARE, side("too_old_browser", came=False), {}, Cause.PATIENT_DEVICE, "patient_too_old_browser"),
    # --- Permission ---
    "the patient's browser refused the camera": (
        WELL, FINE, side("camera_refused", gets=300), {}, Cause.PATIENT_PERMISSION, "patient_camera_refused"),
    "the patient's browser refused both": (
        FAILED, BARE, side("camera_refused", "microphone_refused", gets=60), {}, Cause.PATIENT_PERMISSION,
        "patient_microphone_refused"),
    "the doctor's browser refused the microphone": (
        FAILED, side("microphone_refused"), BARE, {}, Cause.DOCTOR_PERMISSION, "doctor_microphone_refused"),
    "refused at the door, and never knocked": (
        FAILED, BARE, side("camera_refused", "microphone_refused", came=False), {}, Cause.PATIENT_PERMISSION,
        "patient_microphone_refused"),
    "refused already in the test": (
        FAILED, BARE, side("camera_refused", test="camera_refused"), {}, Cause.PATIENT_PERMISSION,
        "patient_camera_refused"),
    # --- Devices ---
    "the doctor has no microphone": (
        FAILED, side("microphone_missing"), BARE, {}, Cause.DOCTOR_DEVICE, "doctor_microphone_missing"),
    "another program has the doctor's camera": (
        WELL, side("camera_busy", gets=300), FINE, {}, Cause.DOCTOR_DEVICE, "doctor_camera_busy"),
    "the patient's microphone gives silence": (
        POOR, FINE, side("microphone_silent", gets=300), {}, Cause.PATIENT_DEVICE, "patient_microphone_silent"),
    "the patient's browser waits for a touch to play": (
        POOR, FINE, side("speaker_blocked", gets=300), {}, Cause.PATIENT_DEVICE, "patient_speaker_blocked"),
    "the doctor's computer is too slow": (
        POOR, side(slow_device=0.7, gets=300), FINE, {}, Cause.DOCTOR_DEVICE, "doctor_slow_device"),
    "the microphone was pulled out": (
        FAILED, FINE, side("microphone_ended"), {}, Cause.PATIENT_DEVICE, "patient_microphone_ended"),
    "a page in the background alone": (
        POOR, FINE, side("page_hidden", gets=300), {}, Cause.PATIENT_DEVICE, "patient_page_hidden"),
    # --- Networks ---
    "the doctor's line was gone for half a minute": (
        POOR, side(outage_alone=30, gets=200), FINE, {}, Cause.DOCTOR_NETWORK, "doctor_socket_gone_alone"),
    "the doctor's line went and stayed away": (
        FAILED, side("socket_silent"), side("no_media"), {}, Cause.DOCTOR_NETWORK, "doctor_socket_silent_alone"),
    "the patient's device says that it is offline": (
        FAILED, FINE, side("offline", outage_alone=40), {}, Cause.PATIENT_NETWORK, "patient_offline"),
    "the patient's browser loses packets": (
        POOR, FINE, side(loss=0.2, gets=200), {}, Cause.PATIENT_NETWORK, "patient_loses_packets"),
    "the doctor loses packets, and the patient's line is full": (
        POOR, side(loss=0.2, gets=200), side(slow_sending=0.8, gets=200), {}, Cause.PATIENT_NETWORK,
        "patient_slow_sending"),
    "the doctor loses packets, and the patient sends freely": (
        POOR, side(loss=0.2, gets=200), side(gets=200), {}, Cause.DOCTOR_NETWORK, "doctor_loses_packets"),
    "the patient's test was poor, and so was the call": (
        POOR, FINE, side(gets=200, test="slow"), {}, Cause.PATIENT_NETWORK, "patient_test_network"),
    "the patient's page never reached the hub": (
        FAILED, BARE, side("socket_never"), {}, Cause.PATIENT_NETWORK, "patient_never_reached_the_hub"),
    # --- Firewalls ---
    "the patient's network lets no media through": (
        FAILED, side(gets=0), side("ice_failed", "direct_failed"), {}, Cause.FIREWALL, "patient_media_blocked"),
    "the same, and the test had said so": (
        FAILED, side(), side("ice_failed", test="udp"), {}, Cause.FIREWALL, "patient_media_blocked"),
    "something between breaks the encryption": (
        FAILED, BARE, side("dtls_failed"), {}, Cause.FIREWALL, "patient_encryption_blocked"),
    "ICE failed while the line itself was away: no firewall": (
        FAILED, FINE, side("ice_failed", outage_alone=30), {}, Cause.PATIENT_NETWORK, "patient_socket_gone_alone"),
    "the patient's network lets nothing out but what the browser finds by itself": (
        FAILED, side(), side("ice_failed", details=frozenset({("ice_failed", "host")})), {}, Cause.FIREWALL,
        "patient_media_blocked"),
    "the patient reached the TURN server, and nothing came from behind it": (
        FAILED, side(), side("ice_failed", details=frozenset({("ice_failed", "relay")})), {}, Cause.MEDIA_SERVER,
        "patient_nothing_behind_turn"),
    "a poor call that had to go by TURN over TCP": (
        POOR, FINE, side(gets=200, samples=60, detour=True), {}, Cause.FIREWALL, "patient_detour"),
    # --- The hub's own ---
    "the media server went away in the middle": (
        POOR, side("server_gone", gets=100), side("server_gone", gets=100), {}, Cause.MEDIA_SERVER,
        "patient_media_server_gone"),
    "nobody reaches the media server, though it answers": (
        FAILED, side("ice_failed"), side("ice_failed"), {}, Cause.MEDIA_SERVER, "nobody_reached_the_media_server"),
    "a dead media server makes ICE fail as well": (
        FAILED, side("server_gone", "ice_failed"), side("ice_failed"), {}, Cause.MEDIA_SERVER,
        "doctor_media_server_gone"),
    "both sockets were gone at once": (
        POOR, side("socket_lost", outage_together=20), side("socket_lost", outage_together=20), {}, Cause.SIGNALLING,
        "both_sockets_gone"),
    "neither reached the hub": (
        FAILED, side("socket_never", came=False), side("socket_never", came=False), {}, Cause.SIGNALLING,
        "nobody_reached_the_hub"),
    # --- People ---
    "nobody opened it": (FAILED, AWAY, AWAY, {}, Cause.HUMAN_NEVER_OPENED, "patient_never_opened"),
    "the patient came when the doctor had gone": (
        FAILED, side(), side(late=900), {}, Cause.HUMAN_TOO_LATE, "never_there_at_once"),
    # --- One came alone: what that side lacked kept nobody away ---
    "the patient waits without a camera, and the doctor never comes": (
        FAILED, AWAY, side("camera_refused", test="camera_refused"), {}, Cause.HUMAN_NEVER_OPENED,
        "doctor_never_opened"),
    "the doctor's computer has no camera, and the patient never comes": (
        FAILED, side("camera_missing", "microphone_missing", outage_alone=30), AWAY, {}, Cause.HUMAN_NEVER_OPENED,
        "patient_never_opened"),
    "the patient's line is gone for a moment, and the doctor never comes": (
        FAILED, AWAY, side("offline"), {}, Cause.HUMAN_NEVER_OPENED, "doctor_never_opened"),
    "no media server answers the doctor, who sits alone": (
        FAILED, side("server_refused"), AWAY, {}, Cause.HUMAN_NEVER_OPENED, "patient_never_opened"),
    "the doctor has no camera, and the patient's browser is too old": (
        FAILED, side("camera_missing"), side("too_old_browser", came=False), {}, Cause.PATIENT_DEVICE,
        "patient_too_old_browser"),
    "colleagues, all as hosts: what they lack counts": (
        FAILED, side("microphone_missing"), AWAY, {"together": 60}, Cause.DOCTOR_DEVICE, "doctor_microphone_missing"),
    "the patient waits, the doctor is there, and nobody lets in": (
        FAILED, side(), side(late=-60), {"at_once": 600}, Cause.UNKNOWN, "never_let_in"),
    "nobody lets in, for no media server answers": (
        FAILED, side("server_refused"), side(), {"at_once": 600}, Cause.MEDIA_SERVER, "doctor_no_media_server"),
    # --- What is loud, and proves little ---
    "a telephone changes networks while the doctor's firewall bars everything": (
        FAILED, side("ice_failed"), side("offline"), {"together": 60}, Cause.FIREWALL, "doctor_media_blocked"),
    "a telephone changes networks, and its own firewall bars everything": (
        FAILED, side(), side("offline", "ice_failed"), {"together": 60}, Cause.FIREWALL, "patient_media_blocked"),
    "no camera allowed, and a firewall that bars sound too": (
        FAILED, side(), side("camera_refused", "ice_failed"), {"together": 60}, Cause.FIREWALL,
        "patient_media_blocked"),
    "no camera at the doctor's, and a firewall that bars sound too": (
        FAILED, side("camera_missing", "ice_failed"), side(), {"together": 60}, Cause.FIREWALL,
        "doctor_media_blocked"),
    "the doctor's own test had met the firewall": (
        FAILED, side("ice_failed", test="udp"), side(gets=0), {"together": 60}, Cause.FIREWALL,
        "doctor_media_blocked"),
    "an interpreter gets everything, the patient's network bars it": (
        FAILED, FINE, side("ice_failed", gets=0), {"together": 60}, Cause.FIREWALL, "patient_media_blocked"),
    # --- Nothing, or nothing known ---
    "it went well": (WELL, FINE, FINE, {}, Cause.NONE, ""),
    "it went well after a short outage": (WELL, side(outage_alone=12, gets=300), FINE, {}, Cause.NONE, ""),
    "it went well by a detour": (WELL, FINE, side(gets=300, samples=60, detour=True), {}, Cause.NONE, ""),
    "it went well in the background": (WELL, FINE, side("page_hidden", gets=300), {}, Cause.NONE, ""),
    "it went poorly, and nobody knows why": (POOR, FINE, FINE, {"together": 60}, Cause.UNKNOWN, ""),
    "both were there, and nothing is known": (FAILED, BARE, BARE, {"together": 60}, Cause.UNKNOWN, ""),
}  # fmt: skip


@pytest.mark.parametrize(("how", "doctor", "patient", "more", "cause", "evidence"), CASES.values(), ids=CASES)
def test_cause(how: How, doctor: Side, patient: Side, more: dict[str, Any], cause: Cause, evidence: str) -> None:
    found = attribute(Facts(how=how, doctor=doctor, patient=patient, **more))

    assert found.cause == cause
    assert (found.evidence[0] if found.evidence else "") == evidence


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 40
    assert {case[4] for case in CASES.values()} == set(Cause)


def test_two_witnesses_make_it_sure() -> None:
    sure = attribute(Facts(doctor=side("server_refused"), patient=side("server_refused")))
    unsure = attribute(Facts(how=POOR, doctor=side(loss=0.1, gets=9), patient=side(loss=0.1, gets=9), together=60))

    assert sure.confidence is Confidence.HIGH
    assert unsure.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("patient", "confidence"),
    [
        (side("socket_silent"), Confidence.MEDIUM),
        (side("socket_silent", "speaker_blocked"), Confidence.LOW),
        (side("offline", outage_alone=30), Confidence.HIGH),
        (side("offline"), Confidence.LOW),
    ],
)
def test_another_cause_close_by_takes_sureness_away(patient: Side, confidence: Confidence) -> None:
    assert attribute(Facts(doctor=FINE, patient=patient, together=60)).confidence is confidence


def test_a_dead_microphone_says_nothing_of_the_line_it_is_missed_on() -> None:
    facts = Facts(how=POOR, doctor=side("no_sound_here", gets=200), patient=side("microphone_silent", gets=200))
    assert list(packets(facts)) == []
    facts = Facts(how=POOR, doctor=side("no_sound_here", gets=200), patient=FINE)
    assert [finding.evidence for finding in packets(facts)] == ["doctor_stands_still"]
