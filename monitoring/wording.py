"""What the evidence of a judgement means, in a sentence: for those who look into a call."""

from __future__ import annotations

from django.utils.translation import gettext as _

from monitoring.rules.statistics import Measure

_WHO = ("doctor", "patient")


def evidence_sentence(word: str) -> str:
    """The sentence for a word of evidence (rules/fault.py); a word of another version of the hub stands for itself."""
    for who in _WHO:
        if word.startswith(f"{who}_"):
            sentence = _of_one_side().get(word.removeprefix(f"{who}_"))
            name = _("Lægen") if who == "doctor" else _("Patienten")
            return f"{name}: {sentence}" if sentence else word
    return _of_both().get(word, word)


def _of_both() -> dict[str, str]:
    return {
        "both_sockets_gone": _("Læge og patient mistede forbindelsen til VDX på samme tid."),
        "both_sockets_lost": _("Både lægens og patientens forbindelse til VDX blev afbrudt."),
        "nobody_reached_the_hub": _("Hverken læge eller patient kunne nå VDX."),
        "nobody_reached_the_media_server": _("Hverken læge eller patient fik lyd eller billede fra serveren."),
        "hub_full": _("Der var ikke plads til flere samtaler i VDX på det tidspunkt."),
        "never_let_in": _("Læge og patient var der samtidig, men patienten blev ikke lukket ind."),
        "never_there_at_once": _("Læge og patient var der ikke samtidig."),
    }


def _of_one_side() -> dict[str, str]:
    return {
        "camera_refused": _("Browseren måtte ikke bruge kameraet."),
        "microphone_refused": _("Browseren måtte ikke bruge mikrofonen."),
        "test_camera_refused": _("I testen måtte browseren ikke bruge kameraet."),
        "test_microphone_refused": _("I testen måtte browseren ikke bruge mikrofonen."),
        "too_old_browser": _("Browseren er for gammel til video."),
        "app_without_devices": _("Appen giver ikke adgang til kamera og mikrofon."),
        "no_devices_given": _("Browseren giver ikke adgang til kamera og mikrofon."),
        "camera_missing": _("Der var intet kamera."),
        "camera_busy": _("Et andet program brugte kameraet."),
        "camera_failed": _("Kameraet ville ikke starte."),
        "camera_ended": _("Kameraet forsvandt under samtalen."),
        "microphone_missing": _("Der var ingen mikrofon."),
        "microphone_busy": _("Et andet program brugte mikrofonen."),
        "microphone_failed": _("Mikrofonen ville ikke starte."),
        "microphone_ended": _("Mikrofonen forsvandt under samtalen."),
        "test_camera_missing": _("I testen var der intet kamera."),
        "test_camera_busy": _("I testen brugte et andet program kameraet."),
        "test_camera_failed": _("I testen ville kameraet ikke starte."),
        "test_camera_ended": _("I testen forsvandt kameraet."),
        "test_microphone_missing": _("I testen var der ingen mikrofon."),
        "test_microphone_busy": _("I testen brugte et andet program mikrofonen."),
        "test_microphone_failed": _("I testen ville mikrofonen ikke starte."),
        "test_microphone_ended": _("I testen forsvandt mikrofonen."),
        "test_microphone_silent": _("I testen var mikrofonen tavs."),
        "microphone_silent": _("Mikrofonen var tavs."),
        "speaker_blocked": _("Browseren ventede på et tryk, før den måtte afspille lyd."),
        "test_speaker": _("I testen kunne lyden ikke høres."),
        "slow_device": _("Enheden var for langsom til at sende billedet."),
        "page_hidden": _("Siden lå i baggrunden."),
        "in_app": _("Siden var åbnet inde i en app."),
        "offline": _("Enheden var ikke på nettet."),
        "socket_gone_alone": _("Forbindelsen til VDX var væk, mens den anden parts var i orden."),
        "socket_silent_alone": _("Forbindelsen til VDX forsvandt uden varsel, mens den anden parts var i orden."),
        "never_reached_the_hub": _("Siden kunne ikke få forbindelse til VDX."),
        "slow_sending": _("Forbindelsen var for langsom til at sende billedet."),
        "loses_packets": _("Meget af den andens lyd og billede gik tabt på vejen."),
        "long_way": _("Der var lang forsinkelse på linjen."),
        "test_network": _("I testen var netværket dårligt."),
        "stands_still": _("Lyd eller billede stod stille her, men ikke hos den anden."),
        "media_blocked": _("Lyd og billede slap ikke igennem, selv om forbindelsen til VDX var i orden."),
        "nothing_behind_turn": _(
            "Netværket lod forbindelsen slippe ud, men lyd og billede kom ikke videre fra TURN-serveren."
        ),
        "detour": _("Lyd og billede måtte gå en omvej over TCP, fordi netværket spærrede for den direkte vej."),
        "encryption_blocked": _("Den krypterede forbindelse kunne ikke oprettes."),
        "test_udp_blocked": _("I testen var der spærret for lyd og billede."),
        "socket_blocked": _("Noget spærrede måske for forbindelsen til VDX."),
        "no_media_server": _("Ingen server tog imod lyd og billede."),
        "media_server_gone": _("Serveren, der sendte lyd og billede, forsvandt under samtalen."),
        "never_opened": _("Kom aldrig ind på siden."),
        "late": _("Kom mere end fem minutter for sent."),
    }


def measure_label(measure: Measure) -> str:
    """A measure of the statistics, as the heading of its column."""
    return {
        Measure.CONSULTATIONS: _("Konsultationer"),
        Measure.CONSULTATION_MINUTES: _("Minutter i konsultationer"),
        Measure.CONFERENCES: _("Konferencer"),
        Measure.CONFERENCE_MINUTES: _("Minutter i konferencer"),
        Measure.INSTANT: _("Straks-møder"),
        Measure.ACTIVE: _("Aktive praksis"),
    }[measure]
