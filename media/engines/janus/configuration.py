"""The configuration of a Janus (1.1, as in Debian 12) that carries this hub's calls and nothing else.

Only the VideoRoom and the websocket transport are loaded; nothing is recorded, and no line of the log names a browser's
address. Whoever can speak to the websocket can make rooms: it listens where web processes alone come, and asks for
``api_secret``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

PLUGINS = (
    "audiobridge",
    "duktape",
    "echotest",
    "lua",
    "nosip",
    "recordplay",
    "sip",
    "streaming",
    "textroom",
    "videocall",
    "voicemail",
)
TRANSPORTS = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")
WITHOUT = "# api_secret =  (VDX_JANUS_SECRET. `--with-secret` writes it; without it anybody may make rooms.)"

MAIN = """\
# Janus for VDX. Written by `manage.py janus_config` (docs/operations.md).
general: {{
	debug_level = 2
	debug_colors = false
	log_to_stdout = {log_to_stdout}
{log_to_file}	{secret}
	# The hub says every 15 seconds that it is there.
	session_timeout = 60
	hide_dependencies = true
}}
media: {{
	ipv6 = {ipv6}
	rtp_port_range = "{first_port}-{last_port}"
	min_nack_queue = 500
	# The hub tells the others that nothing comes from somebody, and a listener whose line is too weak.
	no_media_timer = 1
	slowlink_threshold = 20
}}
nat: {{
	# No STUN and no TURN server here: Janus has an address that browsers reach.
{addresses}	ice_lite = false
	ice_keepalive_conncheck = true
	full_trickle = false
}}
plugins: {{
	disable = "{plugins}"
}}
transports: {{
	disable = "{transports}"
}}
loggers: {{
	disable = "libjanus_jsonlog.so"
}}
events: {{
	broadcast = false
}}
"""
VIDEOROOM = """\
# Rooms are made by the hub, one a call, and forgotten with it.
general: {
	events = false
}
"""
WEBSOCKETS = """\
general: {{
	events = false
	json = "compact"
	ws = true
	ws_ip = "{listen}"
	ws_port = {port}
	wss = false
	pingpong_trigger = 5
	pingpong_timeout = 5
}}
admin: {{
	admin_ws = false
	admin_wss = false
}}
"""


def configuration(
    *,
    listen: str,
    port: int,
    secret: str | None,
    address: str,
    public_address: str = "",
    ports: tuple[int, int] = (20000, 40000),
    log: str = "",
) -> Mapping[str, str]:
    """The files of Janus' configuration folder, by name.

    ``listen``, ``port``: where web processes reach it. ``secret``: ``VDX_JANUS_SECRET``; None leaves its line out.
    ``address``: the machine's own address for sound and picture (or an interface); empty: all but the loopback.
    ``public_address``: what browsers see, where a router maps it. ``log``: a file; empty: standard output.
    """
    addresses = f"\tice_enforce_list = {json.dumps(address)}\n" if address else ""
    if public_address:
        addresses += f"\tnat_1_1_mapping = {json.dumps(public_address)}\n\tkeep_private_host = false\n"
    return {
        "janus.jcfg": MAIN.format(
            log_to_stdout="false" if log else "true",
            log_to_file=f"\tlog_to_file = {json.dumps(log)}\n" if log else "",
            secret=WITHOUT if secret is None else f"api_secret = {json.dumps(secret)}",
            ipv6="true" if ":" in address or not address else "false",
            first_port=ports[0],
            last_port=ports[1],
            addresses=addresses,
            plugins=",".join(f"libjanus_{name}.so" for name in PLUGINS),
            transports=",".join(f"libjanus_{name}.so" for name in TRANSPORTS),
        ),
        "janus.plugin.videoroom.jcfg": VIDEOROOM,
        "janus.transport.websockets.jcfg": WEBSOCKETS.format(listen=listen, port=port),
    }
