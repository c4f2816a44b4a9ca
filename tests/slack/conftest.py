"""Fixtures for the tests of the Slack for tests."""

from tests.slack.apps import bolt
from tests.slack.fixtures import slack, slack_client, slack_clock, slack_session, slack_transport

__all__ = ["bolt", "slack", "slack_client", "slack_clock", "slack_session", "slack_transport"]
