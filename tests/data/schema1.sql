-- A database as the first Slipway made it (schema 1): its tables, before items.content_hash had an index, and some rows.
-- {id}, {text} and {real} are the types that SQLite and PostgreSQL call differently.
CREATE TABLE files (
    id {text} NOT NULL,
    path {text} NOT NULL,
    sha {text} NOT NULL,
    planned_sha {text} NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE items (
    id {id} NOT NULL,
    "key" {text} NOT NULL,
    source {text} NOT NULL,
    source_title {text} NOT NULL,
    source_type {text} NOT NULL,
    external_id {text} NOT NULL,
    url {text} NOT NULL,
    title {text} NOT NULL,
    authors TEXT NOT NULL,
    blocks TEXT NOT NULL,
    published {text},
    updated {text},
    lang {text} NOT NULL,
    categories TEXT NOT NULL,
    tags TEXT NOT NULL,
    "references" TEXT NOT NULL,
    arxiv_id {text} NOT NULL,
    arxiv_version INTEGER NOT NULL,
    doi {text} NOT NULL,
    comment {text} NOT NULL,
    content_hash {text} NOT NULL,
    status {text} NOT NULL,
    score {real},
    reasons TEXT NOT NULL,
    scored_on DATE,
    decided_on DATE,
    note_id {text} NOT NULL,
    first_seen {text} NOT NULL,
    PRIMARY KEY (id),
    UNIQUE ("key")
);
CREATE INDEX ix_items_note_id ON items (note_id);
CREATE INDEX ix_items_status ON items (status);
CREATE TABLE links (
    src {text} NOT NULL,
    dst {text} NOT NULL,
    kind {text} NOT NULL,
    score {real} NOT NULL,
    why {text} NOT NULL,
    PRIMARY KEY (src, dst, kind)
);
CREATE TABLE meta (
    name {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE posts (
    id {text} NOT NULL,
    kind {text} NOT NULL,
    date DATE NOT NULL,
    path {text} NOT NULL,
    title {text} NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE runs (
    id {id} NOT NULL,
    date DATE NOT NULL,
    started {text} NOT NULL,
    finished {text},
    status {text} NOT NULL,
    exit_code INTEGER,
    warnings TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE sources (
    "key" {text} NOT NULL,
    kind {text} NOT NULL,
    url {text} NOT NULL,
    etag {text} NOT NULL,
    last_modified {text} NOT NULL,
    body_sha256 {text} NOT NULL,
    failures INTEGER NOT NULL,
    last_error {text} NOT NULL,
    last_ok {text},
    last_tried {text},
    PRIMARY KEY ("key")
);
CREATE TABLE topics (
    id {text} NOT NULL,
    name {text} NOT NULL,
    terms TEXT NOT NULL,
    medoid {text} NOT NULL,
    first_seen DATE NOT NULL,
    last_seen DATE NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE feedback (
    id {id} NOT NULL,
    item_id INTEGER NOT NULL,
    note_id {text} NOT NULL,
    verdict {text} NOT NULL,
    at {text} NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(item_id) REFERENCES items (id)
);
CREATE INDEX ix_feedback_item_id ON feedback (item_id);
CREATE TABLE notes (
    id {text} NOT NULL,
    item_id INTEGER,
    path {text} NOT NULL,
    created DATE NOT NULL,
    number INTEGER NOT NULL,
    gone_at {text},
    PRIMARY KEY (id),
    UNIQUE (item_id),
    FOREIGN KEY(item_id) REFERENCES items (id)
);
CREATE INDEX ix_notes_created ON notes (created);
CREATE TABLE post_notes (
    post_id {text} NOT NULL,
    position INTEGER NOT NULL,
    note_id {text} NOT NULL,
    PRIMARY KEY (post_id, position),
    FOREIGN KEY(post_id) REFERENCES posts (id)
);
CREATE TABLE run_stages (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name {text} NOT NULL,
    status {text} NOT NULL,
    seconds {real} NOT NULL,
    counts TEXT NOT NULL,
    error {text} NOT NULL,
    PRIMARY KEY (run_id, position),
    FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE sightings (
    id {id} NOT NULL,
    item_id INTEGER NOT NULL,
    source {text} NOT NULL,
    source_title {text} NOT NULL,
    external_id {text} NOT NULL,
    url {text} NOT NULL,
    title {text} NOT NULL,
    seen {text} NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (item_id, source, external_id),
    FOREIGN KEY(item_id) REFERENCES items (id)
);
CREATE INDEX ix_sightings_external_id ON sightings (external_id);
CREATE TABLE topic_notes (
    topic_id {text} NOT NULL,
    position INTEGER NOT NULL,
    note_id {text} NOT NULL,
    PRIMARY KEY (topic_id, position),
    FOREIGN KEY(topic_id) REFERENCES topics (id)
);
INSERT INTO meta VALUES ('schema_version', '1');
INSERT INTO sources VALUES ('lab', 'rss', 'https://lab.example/', '"1"', 'Fri', 'ab', 2, 'timed out', '2026-02-20T23:59:00+00:00', '2026-02-21T23:59:00+00:00');
INSERT INTO items VALUES (1, 'url:example.org/a', 'lab', 'Lab', 'rss', 'a', 'https://example.org/a', 'Agents that learn skills by reinforcement', '["A. B"]', '[["paragraph","We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks of rising difficulty, with and without a teacher, over three seeds each.",0]]', '2026-02-18T08:00:00+00:00', NULL, 'en', '[]', '["agents"]', '["https://github.com/x/y"]', '', 0, '', '', '1:aa', 'inbox', 0.5, '["close"]', '2026-02-20', NULL, '', '2026-02-20T23:59:00+00:00');
INSERT INTO items VALUES (2, 'arxiv:2602.01234', 'arxiv', 'arXiv', 'arxiv', 'oai:arXiv.org:2602.01234v2', 'https://arxiv.org/abs/2602.01234v2', '技能與強化學習', '["李雷","O’Neil"]', '[["paragraph","We give agents a library of skills and let them choose; what they choose is what they need, in nine of ten cases that we have looked at so far.",0]]', '2026-02-10T08:00:00+00:00', '2026-02-18T08:00:00+00:00', 'en', '["cs.LG"]', '[]', '[]', '2602.01234', 2, '10.1000/x', '12 pages', '1:bb', 'promoted', 0.9, '["good"]', '2026-02-20', '2026-02-20', 'n-1', '2026-02-20T23:59:00+00:00');
INSERT INTO items VALUES (3, 'arxiv:2602.00009', 'lab', 'Lab', 'rss', 'post', 'https://arxiv.org/abs/2602.00009v3', 'On a paper', '[]', '[]', NULL, NULL, 'und', '[]', '[]', '[]', '2602.00009', 3, '', 'ours', '1:cc', 'dismissed', NULL, '[]', NULL, '2026-02-20', '', '2026-02-20T23:59:00+00:00');
INSERT INTO sightings VALUES (1, 1, 'lab', 'Lab', 'a', 'https://example.org/a', 'Agents that learn skills by reinforcement', '2026-02-20T23:59:00+00:00');
INSERT INTO sightings VALUES (2, 2, 'arxiv', 'arXiv', 'oai:arXiv.org:2602.01234v2', 'https://arxiv.org/abs/2602.01234v2', '技能與強化學習', '2026-02-20T23:59:00+00:00');
INSERT INTO sightings VALUES (3, 3, 'lab', 'Lab', 'post', 'https://arxiv.org/abs/2602.00009v3', 'On a paper', '2026-02-20T23:59:00+00:00');
INSERT INTO notes VALUES ('n-1', 2, 'notes/n-1.md', '2026-02-20', 1, NULL);
INSERT INTO runs VALUES (1, '2026-02-20', '2026-02-20T23:59:00+00:00', '2026-02-21T00:09:00+00:00', 'ok', 0, '[]');
INSERT INTO run_stages VALUES (1, 0, 'fetch', 'ok', 1.5, '{"new":3}', '');
