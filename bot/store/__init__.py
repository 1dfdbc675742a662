"""What is kept of a learner, in SQLite or PostgreSQL.

The only package that knows SQLAlchemy; it knows no pack and no reply.
"""
