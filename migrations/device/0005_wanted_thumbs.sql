-- A thumbnail is fetched as long as any case on this device shows it.
CREATE INDEX case_photos_by_thumb ON case_photos (thumb);
