"""The version of the hub, as its pages show it."""

VERSION = "0.1.0"
