// franz-go, with kadm and raw kmsg requests, through the steps of the compat suite.
package main

import (
	"runtime/debug"

	"klamm.test/compat/steps"
)

func main() {
	s := steps.FromArguments(codeOf)
	s.Client("franz-go", version())
	p := newProgram(s)
	defer p.client.Close()
	topicSteps(p)
	configSteps(p)
	clusterSteps(p)
	produceSteps(p)
	rawProduceSteps(p)
	consumeSteps(p)
	offsetSteps(p)
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
		if module.Path == "github.com/twmb/franz-go" {
			return module.Version
		}
	}
	return "of an unknown version"
}
