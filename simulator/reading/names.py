def check_names(draft, reading, shelf): pass
