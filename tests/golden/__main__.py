from tests.golden import golden, playthrough, scripts

for script in scripts():
    golden(script).write_text(playthrough(script), encoding="utf-8", newline="\n")
    print(golden(script).name)
