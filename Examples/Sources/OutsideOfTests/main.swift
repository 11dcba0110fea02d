import ParityTesting

// No test is running: what fails must end the program.
expectParity(ofFixtureAt: "no-such-file.h5")
print("went on after a failure")
