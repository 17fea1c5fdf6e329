SELECT flag, label_{lang}, description_{lang}, in_words('severity', severity, '{lang}') FROM goals.flag ORDER BY flag
