"""Institutions, their sites, offers and facts; revisions; the outbox for the search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Institutions with their parts, their history, and the list of changes for the search index."""
    op.create_table(
        "institution",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("region", sa.String(60), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("carrier", sa.String(300), nullable=True),
        sa.Column("official_number", sa.String(20), nullable=True),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("website", sa.String(2000), nullable=True),
        sa.Column("phone", sa.String(60), nullable=True),
        sa.Column("email", sa.String(300), nullable=True),
        sa.Column("all_day", sa.String(20), nullable=True),
        sa.Column("accessible", sa.String(20), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.String(20), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("shipped_as", sa.String(64), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_institution"),
    )
    op.create_index("ix_institution_accessible", "institution", ["accessible"])
    op.create_index("ix_institution_all_day", "institution", ["all_day"])
    op.create_index("ix_institution_kind", "institution", ["kind"])
    op.create_index("ix_institution_official_number", "institution", ["official_number"])
    op.create_index("ix_institution_region", "institution", ["region"])
    op.create_index("ix_institution_withdrawn", "institution", ["withdrawn"])

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(60), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("region", sa.String(60), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reviewer", sa.String(120), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_institution_id", "revision", ["institution_id"])
    op.create_index("ix_revision_region", "revision", ["region"])
    op.create_index("ix_revision_state", "revision", ["state"])

    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(120), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("period", sa.String(300), nullable=True),
        sa.Column("confidence", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_fact_institution_id_institution", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
    )
    op.create_index("ix_fact_field", "fact", ["field"])
    op.create_index("ix_fact_institution_id", "fact", ["institution_id"])

    op.create_table(
        "language_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("use", sa.String(20), nullable=False),
        sa.Column("note", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name="fk_language_use_institution_id_institution",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_language_use"),
    )
    op.create_index("ix_language_use_institution_id", "language_use", ["institution_id"])
    op.create_index("ix_language_use_language", "language_use", ["language"])

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(120), nullable=True),
        sa.Column("topic", sa.String(120), nullable=True),
        sa.Column("field", sa.String(300), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("times", sa.String(300), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("register_by", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("site", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_offer_institution_id_institution", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
    )
    op.create_index("ix_offer_institution_id", "offer", ["institution_id"])
    op.create_index("ix_offer_ref", "offer", ["ref"])
    op.create_index("ix_offer_station", "offer", ["station"])
    op.create_index("ix_offer_topic", "offer", ["topic"])

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(300), nullable=True),
        sa.Column("postcode", sa.String(5), nullable=True),
        sa.Column("town", sa.String(300), nullable=True),
        sa.Column("district", sa.String(300), nullable=True),
        sa.Column("quarter", sa.String(300), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_site_institution_id_institution", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_index("ix_site_district", "site", ["district"])
    op.create_index("ix_site_institution_id", "site", ["institution_id"])
    op.create_index("ix_site_lat_lon", "site", ["lat", "lon"])
    op.create_index("ix_site_postcode", "site", ["postcode"])
    op.create_index("ix_site_town", "site", ["town"])


def downgrade() -> None:
    """Without institutions."""
    for table in ("fact", "language_use", "offer", "site", "revision", "outbox", "institution"):
        op.drop_table(table)
