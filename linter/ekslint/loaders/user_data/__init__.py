"""What user data says of how a node starts its kubelet, whatever the operating system and the dialect around it."""
