"""Clients of the publishers: what to ask DUO, CBS, the Inspectorate, RIO and Eurostat, all through `flows.http.client`."""
