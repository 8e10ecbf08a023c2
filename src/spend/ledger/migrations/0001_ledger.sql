CREATE TABLE budget (
    project TEXT PRIMARY KEY,
    limit_ticks BIGINT NOT NULL CHECK (limit_ticks >= 0),
    held_ticks BIGINT NOT NULL CHECK (held_ticks >= 0),
    closed BOOLEAN NOT NULL,
    CHECK (closed OR held_ticks <= limit_ticks)
);

CREATE TABLE job (
    project TEXT NOT NULL REFERENCES budget (project),
    id TEXT NOT NULL,
    shot TEXT NOT NULL,
    route TEXT NOT NULL,
    provider TEXT NOT NULL,
    mode TEXT NOT NULL,
    model TEXT NOT NULL,
    request TEXT NOT NULL,
    receipt TEXT NOT NULL,
    attempt TEXT NOT NULL,
    price_ticks BIGINT NOT NULL CHECK (price_ticks > 0),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'submitting', 'unknown', 'accepted', 'settled')),
    request_id TEXT,
    ending TEXT,
    amount_ticks BIGINT CHECK (amount_ticks >= 0),
    basis TEXT,
    to_store BOOLEAN NOT NULL,
    file TEXT,
    sha256 TEXT,
    opened TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (project, id),
    CHECK ((state = 'settled') = (amount_ticks IS NOT NULL)),
    CHECK ((state = 'settled') = (ending IS NOT NULL)),
    CHECK ((state = 'settled') = (basis IS NOT NULL)),
    CHECK (state <> 'accepted' OR request_id IS NOT NULL)
);

CREATE UNIQUE INDEX one_open_job_of_a_shot ON job (project, shot) WHERE state <> 'settled';

CREATE TABLE entry (
    project TEXT NOT NULL,
    job TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (project, job, seq),
    FOREIGN KEY (project, job) REFERENCES job (project, id)
);
