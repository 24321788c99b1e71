module zerowasm/bench/go

go 1.24
