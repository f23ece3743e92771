"""Times two other implementations of CEL on the expressions that come in on standard input as JSON.

Prints one JSON object: for each implementation a list of [nanoseconds to compile, nanoseconds to evaluate] in the order of the
expressions; null where it cannot do one or comes to another value than true.
"""
import json
import sys
import time

import cel
import celpy

ROUNDS = 5


def best(seconds, body):
    body()
    result = float("inf")
    for _ in range(ROUNDS):
        count, start = 0, time.perf_counter_ns()
        while time.perf_counter_ns() - start < seconds / ROUNDS * 1e9:
            body()
            count += 1
        result = min(result, (time.perf_counter_ns() - start) / count)
    return result


def times(seconds, compile, evaluate):
    try:
        program = compile()
        if evaluate(program) != True:  # noqa: E712, celpy has a type of its own
            return None
        return [best(seconds, compile), best(seconds, lambda: evaluate(program))]
    except Exception:
        return None


def main():
    task = json.load(sys.stdin)
    environment = celpy.Environment()
    context = celpy.json_to_cel(task["bindings"])
    native = cel.Context(variables=task["bindings"]) if hasattr(cel, "Context") else task["bindings"]
    results = {"cel-python": [], "common-expression-language": []}
    for source in task["expressions"]:
        results["cel-python"].append(
            times(
                task["seconds"],
                lambda: environment.program(environment.compile(source)),
                lambda program: program.evaluate(context),
            )
        )
        results["common-expression-language"].append(
            times(task["seconds"], lambda: cel.compile(source), lambda program: program.execute(native))
        )
    json.dump(results, sys.stdout)


main()
