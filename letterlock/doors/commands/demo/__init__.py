"""The demo's two platforms: who is on them, and a month of what they wrote to one another.

Start reading at: `seeding`, then `acme`.
"""
