SELECT flag, label_{lang}, description_{lang}, severity FROM goals.flag ORDER BY flag
