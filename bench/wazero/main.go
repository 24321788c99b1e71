// Times wazero for run.mjs: reads one JSON command a line on standard input, answers with one JSON line. The same commands as worker.mjs;
// the clock runs in here, so that the pipe is never measured.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

type command struct {
	Op     string `json:"op"`
	File   string `json:"file"`
	Caller string `json:"caller"`
	Callee string `json:"callee"`
	Kernel string `json:"kernel"`
	Kind   string `json:"kind"`
	N      int32  `json:"n"`
	Count  int    `json:"count"`
}

type answer struct {
	Ns     float64 `json:"ns,omitempty"`
	Result *int32  `json:"result,omitempty"`
	Error  string  `json:"error,omitempty"`
}

var (
	ctx     = context.Background()
	config  wazero.RuntimeConfig
	runtime wazero.Runtime
	kernels = map[string]api.Function{}
	callers = map[string]api.Function{}
	nonce   uint32
)

// fresh reads a module and appends a custom section with a new number in it, so that no cache knows it.
func fresh(file string) ([]byte, error) {
	bytes, err := os.ReadFile(file)
	nonce++
	bytes = append(bytes, 0, 6, 1, 'n')
	return binary.LittleEndian.AppendUint32(bytes, nonce), err
}

func compile(in wazero.Runtime, file string) (wazero.CompiledModule, error) {
	bytes, err := fresh(file)
	if err != nil {
		return nil, err
	}
	return in.CompileModule(ctx, bytes)
}

func named(name string) wazero.ModuleConfig { return wazero.NewModuleConfig().WithName(name) }

func instance(in wazero.Runtime, file, name string) (api.Module, error) {
	compiled, err := compile(in, file)
	if err != nil {
		return nil, err
	}
	return in.InstantiateModule(ctx, compiled, named(name))
}

func call(function api.Function, n int32) (answer, error) {
	stack := []uint64{api.EncodeI32(n)}
	start := time.Now()
	err := function.CallWithStack(ctx, stack)
	took := time.Since(start)
	result := api.DecodeI32(stack[0])
	return answer{Ns: float64(took.Nanoseconds()), Result: &result}, err
}

// caller gives the function that the call-overhead loops of one kind call: ours over add itself, or the guest's over its import.
func caller(c command) (api.Function, error) {
	if function := callers[c.Kind]; function != nil {
		return function, nil
	}
	in := wazero.NewRuntimeWithConfig(ctx, config)
	export := "run"
	var module api.Module
	var err error
	if c.Kind == "wasm-host" {
		i32s := []api.ValueType{api.ValueTypeI32, api.ValueTypeI32}
		add := api.GoFunc(func(_ context.Context, stack []uint64) {
			stack[0] = api.EncodeI32(api.DecodeI32(stack[0]) + api.DecodeI32(stack[1]))
		})
		_, err = in.NewHostModuleBuilder("env").NewFunctionBuilder().WithGoFunction(add, i32s, i32s[:1]).Export("add").Instantiate(ctx)
	} else {
		module, err = instance(in, c.Callee, "env")
		export = "add"
	}
	if err == nil && c.Kind != "host-wasm" {
		module, err = instance(in, c.Caller, "")
		export = "run"
	}
	if err != nil {
		return nil, err
	}
	callers[c.Kind] = module.ExportedFunction(export)
	return callers[c.Kind], nil
}

func perform(c command) (answer, error) {
	switch c.Op {
	case "load":
		module, err := instance(runtime, c.File, "")
		if err == nil {
			kernels[c.Kernel] = module.ExportedFunction("run")
		}
		return answer{}, err
	case "run":
		return call(kernels[c.Kernel], c.N)
	case "translate":
		bytes, err := fresh(c.File)
		if err != nil {
			return answer{}, err
		}
		start := time.Now()
		compiled, err := runtime.CompileModule(ctx, bytes)
		took := time.Since(start)
		if err != nil {
			return answer{}, err
		}
		return answer{Ns: float64(took.Nanoseconds())}, compiled.Close(ctx)
	case "instantiate":
		compiled, err := compile(runtime, c.File)
		if err != nil {
			return answer{}, err
		}
		var took time.Duration
		for i := 0; i < c.Count; i++ {
			start := time.Now()
			module, err := runtime.InstantiateModule(ctx, compiled, named(""))
			took += time.Since(start)
			if err != nil {
				return answer{}, err
			}
			module.Close(ctx)
		}
		return answer{Ns: float64(took.Nanoseconds()) / float64(c.Count)}, compiled.Close(ctx)
	case "first":
		bytes, err := fresh(c.File)
		if err != nil {
			return answer{}, err
		}
		start := time.Now()
		module, err := runtime.InstantiateWithConfig(ctx, bytes, named(""))
		if err != nil {
			return answer{}, err
		}
		result, err := call(module.ExportedFunction("run"), c.N)
		result.Ns = float64(time.Since(start).Nanoseconds())
		module.Close(ctx)
		return result, err
	case "call":
		function, err := caller(c)
		if err != nil {
			return answer{}, err
		}
		if c.Kind != "host-wasm" {
			result, err := call(function, c.N)
			result.Ns /= float64(c.N)
			return result, err
		}
		var sum int32
		stack := make([]uint64, 2)
		start := time.Now()
		for i := int32(0); i < c.N; i++ {
			stack[0], stack[1] = api.EncodeI32(sum), api.EncodeI32(i)
			if err := function.CallWithStack(ctx, stack); err != nil {
				return answer{}, err
			}
			sum = api.DecodeI32(stack[0])
		}
		return answer{Ns: float64(time.Since(start).Nanoseconds()) / float64(c.N), Result: &sum}, nil
	}
	return answer{}, fmt.Errorf("unknown command %q", c.Op)
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "compiler":
		config = wazero.NewRuntimeConfigCompiler()
	case len(os.Args) == 2 && os.Args[1] == "interpreter":
		config = wazero.NewRuntimeConfigInterpreter()
	default:
		fmt.Fprintln(os.Stderr, "usage: wazero compiler|interpreter")
		os.Exit(2)
	}
	runtime = wazero.NewRuntimeWithConfig(ctx, config)
	out := json.NewEncoder(os.Stdout)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var c command
		var a answer
		err := json.Unmarshal(in.Bytes(), &c)
		if err == nil {
			a, err = perform(c)
		}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		if err := out.Encode(a); err != nil {
			os.Exit(1)
		}
	}
}
