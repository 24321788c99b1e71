;; A command that reads the file /in.txt of its first preopened directory, turns it into capitals, and writes it to /out.txt.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "in.txtout.txt")
  (data (i32.const 16) "\00\01\00\00\00\10\00\00") ;; a buffer of 4096 bytes at 256

  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  (func $open (param $path i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32)
    (call $check (call $path_open (i32.const 3) (i32.const 1) (local.get $path) (local.get $length)
      (local.get $flags) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 32)))
    (i32.load (i32.const 32)))

  (func (export "_start") (local $in i32) (local $out i32) (local $at i32)
    (local.set $in (call $open (i32.const 0) (i32.const 6) (i32.const 0) (i64.const 2)))   ;; to read
    (local.set $out (call $open (i32.const 6) (i32.const 7) (i32.const 9) (i64.const 64))) ;; made or cut, to write
    (loop $next
      (call $check (call $fd_read (local.get $in) (i32.const 16) (i32.const 1) (i32.const 20)))
      (if (i32.load (i32.const 20))
        (then
          (local.set $at (i32.const 0))
          (loop $letter
            (if (i32.lt_u (i32.sub (i32.load8_u offset=256 (local.get $at)) (i32.const 97)) (i32.const 26))
              (then (i32.store8 offset=256 (local.get $at)
                (i32.sub (i32.load8_u offset=256 (local.get $at)) (i32.const 32)))))
            (br_if $letter (i32.lt_u
              (local.tee $at (i32.add (local.get $at) (i32.const 1)))
              (i32.load (i32.const 20)))))
          (call $check (call $fd_write (local.get $out) (i32.const 16) (i32.const 1) (i32.const 24)))
          (i32.store (i32.const 20) (i32.const 4096))
          (br $next))))))
