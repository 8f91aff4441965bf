// Package steps prints the transcript of a Go client's program and knows the records that every family sends.
package steps

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// Longest wait for a state; it only bounds a failing run.
const patience = 20 * time.Second

var (
	breaks     = regexp.MustCompile(`[\t\r\n]+`)
	partitions = regexp.MustCompile(`=\[[0-9 ]*\]`)
)

// Steps prints one line per step and counts those whose own assertions failed.
type Steps struct {
	Bootstrap string
	// Prefix begins every name of a topic or group of this run.
	Prefix string
	// codeOf tells an error by the protocol's name, or as "client: ..." where the client made it itself.
	codeOf   func(error) string
	failures int
}

// FromArguments reads the bootstrap address and the prefix.
func FromArguments(codeOf func(error) string) *Steps {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "arguments: bootstrap address, prefix of topics and groups")
		os.Exit(2)
	}
	return &Steps{Bootstrap: os.Args[1], Prefix: os.Args[2], codeOf: codeOf}
}

// Client tells the library and its version.
func (s *Steps) Client(name, version string) {
	fmt.Printf("client\t%s %s\n", name, version)
}

// Topic is a name, of a topic or of a group, that no other run uses.
func (s *Steps) Topic(name string) string {
	return s.Prefix + "-" + name
}

// Step runs one step; an error or a panic is a failed assertion, and the next step goes on.
func (s *Steps) Step(name string, body func() (string, error)) {
	result, err := guarded(body)
	if err != nil {
		s.failures++
		result = "FAIL " + s.codeOf(err) + ": " + err.Error()
	}
	fmt.Printf("%s\t%s\n", name, breaks.ReplaceAllString(result, " "))
}

func guarded(body func() (string, error)) (result string, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
			fmt.Fprintf(os.Stderr, "%v\n%s", cause, debug.Stack())
		}
	}()
	return body()
}

// Skip tells a step that the client has no call for.
func (s *Steps) Skip(name, reason string) {
	fmt.Printf("%s\tskip: %s\n", name, reason)
}

// Exit ends the program: with 1 where a step failed.
func (s *Steps) Exit() {
	if s.failures > 0 {
		os.Exit(1)
	}
	os.Exit(0)
}

// Code is the name of an error, or "accepted" of none.
func (s *Steps) Code(err error) string {
	if err == nil {
		return "accepted"
	}
	return s.codeOf(err)
}

// Refused is the code of `err`; an error itself where another code came, or none.
func (s *Steps) Refused(expected string, err error) (string, error) {
	return Equal(expected, s.Code(err))
}

// Refuse is a step that must be refused with this code.
func (s *Steps) Refuse(name, expected string, body func() error) {
	s.Step(name, func() (string, error) { return s.Refused(expected, body()) })
}

// Equal gives back what was got; an error where it is not what was expected.
func Equal[T comparable](expected, actual T) (string, error) {
	if expected != actual {
		return "", fmt.Errorf("expected %v, got %v", expected, actual)
	}
	return fmt.Sprint(actual), nil
}

// Expect is an error that names the rule where it does not hold.
func Expect(holds bool, rule string) error {
	if !holds {
		return fmt.Errorf("not so: %s", rule)
	}
	return nil
}

// Await polls until the condition holds.
func Await(what string, condition func() (bool, error)) error {
	deadline := time.Now().Add(patience)
	for {
		holds, err := condition()
		if holds || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waited too long until %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Sizes tells of each `=[partitions]` only how many there are: a sticky assignor may choose any.
func Sizes(text string) string {
	return partitions.ReplaceAllStringFunc(text, func(list string) string {
		return fmt.Sprintf("=%d partitions", len(strings.Fields(strings.Trim(list, "=[]"))))
	})
}
