"""What tests run on beside Python: how each engine is found, started and stopped. `conftest.py` names the fixtures."""
