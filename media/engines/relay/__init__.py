"""Our own forwarding relay: sound and picture pass through encrypted legs, never decoded, in processes of their own."""
