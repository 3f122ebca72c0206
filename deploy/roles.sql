-- Roles and database of the portal; run once by the superuser of PostgreSQL. The passwords come
-- from the environment, so that no list of processes shows them.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv serve_password SERVE_PASSWORD
\getenv people_password PEOPLE_PASSWORD

-- Owns the tables and migrates them. CREATEDB: check_backup restores to a database of its own.
CREATE ROLE vtlt_owner LOGIN CREATEDB PASSWORD :'owner_password';
-- The portal serves by this one. It owns nothing.
CREATE ROLE vtlt_serve LOGIN NOINHERIT PASSWORD :'serve_password';
-- For psql and scripts; the history records what it writes.
CREATE ROLE vtlt_people LOGIN NOINHERIT PASSWORD :'people_password';

CREATE DATABASE vtlt OWNER vtlt_owner TEMPLATE template0 ENCODING 'UTF8';
