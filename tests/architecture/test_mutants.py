"""What `make mutants` tries is there: every module and test that it names, and the mutants that once lived through."""

from tests.mutants.sample import all_mutants, equivalents, has_name
from tests.mutants.targets import NAMED, ROOT, TARGETS


def test_every_module_and_its_tests_are_there() -> None:
    assert [name for path, tests in TARGETS.items() for name in (path, *tests) if not (ROOT / name).exists()] == []


def test_every_mutant_with_a_name_is_found_and_those_that_mean_the_same_too() -> None:
    mutants = [mutant for found in all_mutants().values() for mutant in found]
    assert len({mutant.path for mutant in mutants if has_name(mutant)}) == len({path for path, *_ in NAMED})
    assert set(equivalents()) <= {mutant.key for mutant in mutants}
