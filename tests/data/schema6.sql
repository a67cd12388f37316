-- A database of schema 6, before items had other keys: the tables and rows of schema5.sql migrated.
-- {id}, {text}, {real} and {rowid} are what SQLite and PostgreSQL call differently.
CREATE TABLE arranged (
    note_id {text} NOT NULL,
    evidence {text} NOT NULL,
    PRIMARY KEY (note_id)
);
CREATE TABLE files (
    id {text} NOT NULL,
    path {text} NOT NULL,
    sha {text} NOT NULL,
    planned_sha {text} NOT NULL,
    inputs {text} DEFAULT '' NOT NULL,
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
    announced {text} NOT NULL,
    full_text {text} NOT NULL,
    full_text_tries INTEGER NOT NULL,
    sketch {text} NOT NULL,
    edits INTEGER NOT NULL,
    parts TEXT DEFAULT '{}' NOT NULL,
    explored BOOLEAN DEFAULT FALSE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE ("key")
);
CREATE INDEX ix_items_arxiv_id ON items (arxiv_id);
CREATE INDEX ix_items_content_hash ON items (content_hash);
CREATE INDEX ix_items_doi ON items (doi);
CREATE INDEX ix_items_full_text ON items (full_text) WHERE full_text != '';
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
CREATE TABLE offers (
    id {text} NOT NULL,
    kind {text} NOT NULL,
    verdict {text} NOT NULL,
    at {text} NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE posts (
    id {text} NOT NULL,
    kind {text} NOT NULL,
    date DATE NOT NULL,
    path {text} NOT NULL,
    title {text} NOT NULL,
    lang {text} DEFAULT '' NOT NULL,
    report TEXT DEFAULT '[]' NOT NULL,
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
CREATE TABLE sketch_bands (
    band BIGINT NOT NULL,
    item_id INTEGER NOT NULL,
    PRIMARY KEY (band, item_id)
) {rowid};
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
    next_due {text},
    due_reason {text} NOT NULL,
    rhythm_s {real},
    hints {text} NOT NULL,
    adopted {text} NOT NULL,
    moved_to {text} NOT NULL,
    moved_count INTEGER NOT NULL,
    gone_count INTEGER NOT NULL,
    disabled {text} NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE topics (
    id {text} NOT NULL,
    name {text} NOT NULL,
    terms TEXT NOT NULL,
    medoid {text} NOT NULL,
    first_seen DATE NOT NULL,
    last_seen DATE NOT NULL,
    names TEXT DEFAULT '{}' NOT NULL,
    parent {text} DEFAULT '' NOT NULL,
    state {text} DEFAULT '' NOT NULL,
    level INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE feedback (
    id {id} NOT NULL,
    item_id INTEGER NOT NULL,
    note_id {text} NOT NULL,
    verdict {text} NOT NULL,
    at {text} NOT NULL,
    origin {text} NOT NULL,
    undone_at {text},
    was {text} NOT NULL,
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
    kept_out {text} NOT NULL,
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
CREATE TABLE versions (
    item_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    date {text},
    comment {text} NOT NULL,
    seen {text} NOT NULL,
    PRIMARY KEY (item_id, version),
    FOREIGN KEY(item_id) REFERENCES items (id)
);
CREATE TABLE topic_items (
    item_id INTEGER NOT NULL,
    topic_id {text} NOT NULL,
    PRIMARY KEY (item_id)
);
CREATE TABLE topic_events (
    day DATE NOT NULL,
    topic_id {text} NOT NULL,
    kind {text} NOT NULL,
    other {text} NOT NULL,
    PRIMARY KEY (day, topic_id, kind, other)
);
CREATE TABLE post_claims (
    post_id {text} NOT NULL,
    position INTEGER NOT NULL,
    text {text} NOT NULL,
    note_ids TEXT NOT NULL,
    quotes TEXT NOT NULL,
    writer {text} NOT NULL,
    PRIMARY KEY (post_id, position),
    FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO arranged VALUES ('n-1', 'ee');
INSERT INTO files VALUES ('n-1', 'notes/n-1.md', 'ab', '', '');
INSERT INTO items VALUES (1, 'url:example.org/a', 'lab', 'Lab', 'rss', 'a', 'https://example.org/a', 'Agents that learn skills by reinforcement', '["A. B"]', '[["paragraph","We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks of rising difficulty, with and without a teacher, over three seeds each.",0]]', '2026-02-18T08:00:00+00:00', NULL, 'en', '[]', '["agents"]', '["https://github.com/x/y"]', '', 0, '', '', '1:aa', 'inbox', 0.5, '["close"]', '2026-02-20', NULL, '', '2026-02-20T23:59:00+00:00', '', '', 0, '2|0,0,0|25|eWK7850EDcNEBUpbSDRb4wTm/N+F4ntFb8+YR+ryMGFLELk/cZI7zyDb/q1xTnUZb+J67w==|BOb83w2ESbIa43cwINv+rUQFSltINFvjSacJCksQuT9Nx6mGamhibG/PmEdv4nrvcU51GXGSO895YrvzheJ7RYgHOmCW04tInQQNw7LmZfTN0KH+3IHDWtybpzLq8jBh+SHofg==|agents that learn skills by reinforcement|29|2,3,4,5,6,7|FnAZJSQ1JHYpyEIhVVplaGWXaBlv74vRl0mbbZxcnYyh+qNZptWoNKtuvkPQfdJC08DY9eIO7d0=', 0, '{}', FALSE);
INSERT INTO items VALUES (2, 'arxiv:2602.01234', 'arxiv', 'arXiv', 'arxiv', 'oai:arXiv.org:2602.01234v2', 'https://arxiv.org/abs/2602.01234v2', '技能與強化學習', '["李雷","O’Neil"]', '[["paragraph","We give agents a library of skills and let them choose; what they choose is what they need, in nine of ten cases that we have looked at so far.",0]]', '2026-02-10T08:00:00+00:00', '2026-02-18T08:00:00+00:00', 'en', '["cs.LG"]', '[]', '[]', '2602.01234', 2, '10.1000/x', '12 pages', '1:bb', 'promoted', 0.9, '["good"]', '2026-02-20', '2026-02-20', 'n-1', '2026-02-20T23:59:00+00:00', '', '', 0, '2|0,0,0|26|SlKVz/rysTW8k+kJSUUjgXL5+tup59qjGYsuWzZyxaWIcnQlsDZlsxclga0+Q22v|Ajtz2hclga0Ziy5bNnLFpT5Dba9JRSOBScdGREpSlc9SOvoYX9kzUnL5+tt4s0bshE44FIbufh6IcnQlqefao7A2ZbO5GxREvJPpCcMINrDKKgbM5j1cROk95qLzZXzC9XktbPrysTU=|技 能 与 强 化 学 习|30|-1,-1,-1,-1,-1,-1,-1|A4sWcCQ1JHYyYjRxRANoGWxEdyl8fY5OmLybbZ2MofqrbquuvkPBkcoj4pfqQPBI/Tw=', 0, '{}', FALSE);
INSERT INTO items VALUES (3, 'arxiv:2602.00009', 'lab', 'Lab', 'rss', 'post', 'https://arxiv.org/abs/2602.00009v3', 'On a paper', '[]', '[]', NULL, NULL, 'und', '[]', '[]', '[]', '2602.00009', 3, '', 'ours', '1:cc', 'dismissed', NULL, '[]', NULL, '2026-02-20', '', '2026-02-20T23:59:00+00:00', '', '', 0, '2|0,0,0|0|||on a paper|0|-1,-1,-1|', 0, '{}', FALSE);
INSERT INTO links VALUES ('n-1', 'mine', 'similar', 0.5, 'shared terms: skills');
INSERT INTO meta VALUES ('schema_version', '6');
INSERT INTO meta VALUES ('topics_of', 'ab');
INSERT INTO offers VALUES ('tag:skills', 'tag', 'declined', '2026-02-20T23:59:00+00:00');
INSERT INTO posts VALUES ('post-2026-02-20', 'daily', '2026-02-20', 'posts/2026-02-20.md', 'One note', 'en', '[]');
INSERT INTO runs VALUES (1, '2026-02-20', '2026-02-20T23:59:00+00:00', '2026-02-21T00:09:00+00:00', 'ok', 0, '[]');
INSERT INTO sketch_bands VALUES (8627385306, 2);
INSERT INTO sketch_bands VALUES (8672181471, 1);
INSERT INTO sketch_bands VALUES (8816708018, 1);
INSERT INTO sketch_bands VALUES (8978268589, 2);
INSERT INTO sketch_bands VALUES (9018486363, 2);
INSERT INTO sketch_bands VALUES (9041049392, 1);
INSERT INTO sketch_bands VALUES (9141223085, 1);
INSERT INTO sketch_bands VALUES (9503425957, 2);
INSERT INTO sketch_bands VALUES (9634540975, 2);
INSERT INTO sketch_bands VALUES (9731131995, 1);
INSERT INTO sketch_bands VALUES (9801325539, 1);
INSERT INTO sketch_bands VALUES (9819202433, 2);
INSERT INTO sketch_bands VALUES (9825618186, 1);
INSERT INTO sketch_bands VALUES (9827731012, 2);
INSERT INTO sketch_bands VALUES (9836860879, 2);
INSERT INTO sketch_bands VALUES (9849321791, 1);
INSERT INTO sketch_bands VALUES (4899303512, 2);
INSERT INTO sketch_bands VALUES (5575015062, 2);
INSERT INTO sketch_bands VALUES (6392027290, 2);
INSERT INTO sketch_bands VALUES (6513460466, 1);
INSERT INTO sketch_bands VALUES (6761833234, 1);
INSERT INTO sketch_bands VALUES (8341175834, 1);
INSERT INTO sketch_bands VALUES (2616292951, 2);
INSERT INTO sketch_bands VALUES (3184112637, 1);
INSERT INTO sketch_bands VALUES (4243591474, 3);
INSERT INTO sources VALUES ('lab', 'rss', 'https://lab.example/', '"1"', 'Fri', 'ab', 2, 'timed out', '2026-02-20T23:59:00+00:00', '2026-02-21T23:59:00+00:00', NULL, '', NULL, '', '', '', 0, 0, '');
INSERT INTO topics VALUES ('skill-learning', 'Skill learning', '["skill learning","skills"]', 'n-1', '2026-02-20', '2026-02-20', '{}', '', 'rising', 0);
INSERT INTO feedback VALUES (1, 2, 'n-1', 'promote', '2026-02-20T23:59:00+00:00', 'inbox', NULL, 'inbox');
INSERT INTO feedback VALUES (2, 3, '', 'dismiss', '2026-02-20T23:59:30+00:00', 'inbox', NULL, 'inbox');
INSERT INTO notes VALUES ('n-1', 2, 'notes/n-1.md', '2026-02-20', 1, NULL);
INSERT INTO post_notes VALUES ('post-2026-02-20', 0, 'n-1');
INSERT INTO run_stages VALUES (1, 0, 'fetch', 'ok', 1.5, '{"new":3}', '');
INSERT INTO sightings VALUES (1, 1, 'lab', 'Lab', 'a', 'https://example.org/a', 'Agents that learn skills by reinforcement', '2026-02-20T23:59:00+00:00', '');
INSERT INTO sightings VALUES (2, 2, 'arxiv', 'arXiv', 'oai:arXiv.org:2602.01234v2', 'https://arxiv.org/abs/2602.01234v2', '技能與強化學習', '2026-02-20T23:59:00+00:00', '');
INSERT INTO sightings VALUES (3, 3, 'lab', 'Lab', 'post', 'https://arxiv.org/abs/2602.00009v3', 'On a paper', '2026-02-20T23:59:00+00:00', '');
INSERT INTO topic_notes VALUES ('skill-learning', 0, 'n-1');
INSERT INTO topic_notes VALUES ('skill-learning', 1, 'mine');
INSERT INTO versions VALUES (2, 2, '2026-02-18T08:00:00+00:00', '12 pages', '2026-02-20T23:59:00+00:00');
INSERT INTO versions VALUES (3, 3, NULL, '', '2026-02-20T23:59:00+00:00');
