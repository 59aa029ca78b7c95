-- The schema as version 1 of the history had it.
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  der BLOB NOT NULL
) STRICT;

-- What a server answered, without the times: equal answers are one row.
CREATE TABLE handshake (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;

-- From when to when an address gave the same answer; times are milliseconds since 1970.
CREATE TABLE observation (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  address TEXT,
  identity TEXT,
  handshake INTEGER NOT NULL REFERENCES handshake (id),
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;
CREATE INDEX observation_by_place ON observation (endpoint, address, identity);
CREATE INDEX observation_by_handshake ON observation (handshake);
CREATE INDEX observation_by_age ON observation (last_seen);

CREATE TABLE certificate_seen (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  address TEXT NOT NULL,
  certificate INTEGER NOT NULL REFERENCES certificate (id),
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  UNIQUE (endpoint, address, certificate)
) STRICT;
CREATE INDEX certificate_seen_by_certificate ON certificate_seen (certificate);
CREATE INDEX certificate_seen_by_age ON certificate_seen (last_seen);

-- From when to when a client made the same of an endpoint; 'since' is when the state began.
CREATE TABLE verdict (
  id INTEGER PRIMARY KEY,
  client TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'warning', 'broken')),
  digest BLOB NOT NULL,
  body TEXT NOT NULL,
  since INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;
CREATE INDEX verdict_by_link ON verdict (client, endpoint);
CREATE INDEX verdict_by_age ON verdict (last_seen);
PRAGMA user_version = 1;
