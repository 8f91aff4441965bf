// sarama through the steps of the compat suite.
package main

import (
	"runtime/debug"

	"klamm.test/compat/steps"
)

func main() {
	s := steps.FromArguments(codeOf)
	s.Client("sarama", version())
	p := newProgram(s)
	topicSteps(p)
	configSteps(p)
	produceSteps(p)
	rawProduceSteps(p)
	consumeSteps(p)
	groupSteps(p)
	groupAdminSteps(p)
	rawGroupSteps(p)
	deleteSteps(p)
	s.Exit()
}

// The library's version as it was built in.
func version() string {
	info, found := debug.ReadBuildInfo()
	if !found {
		return "of an unknown build"
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/IBM/sarama" {
			return module.Version
		}
	}
	return "of an unknown version"
}
