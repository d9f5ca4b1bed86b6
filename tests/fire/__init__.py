"""The product under fire: real processes that are killed, disks that are full, stores and relays that go away."""
