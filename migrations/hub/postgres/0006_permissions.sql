-- What somebody may see and do beside their roles: a JSON array, for example ["control"].
ALTER TABLE staff ADD COLUMN permissions TEXT NOT NULL DEFAULT '[]';
