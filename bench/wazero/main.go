package main

import _ "github.com/tetratelabs/wazero"

func main() {}
