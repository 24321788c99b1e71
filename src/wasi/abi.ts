// The ABI of WASI preview1: its numbers, structs and functions, each written once (witx: typenames, wasi_snapshot_preview1).

/** Why a function failed; 0 where it did not. */
export const errno = {
  success: 0,
  "2big": 1,
  acces: 2,
  addrinuse: 3,
  addrnotavail: 4,
  afnosupport: 5,
  again: 6,
  already: 7,
  badf: 8,
  badmsg: 9,
  busy: 10,
  canceled: 11,
  child: 12,
  connaborted: 13,
  connrefused: 14,
  connreset: 15,
  deadlk: 16,
  destaddrreq: 17,
  dom: 18,
  dquot: 19,
  exist: 20,
  fault: 21,
  fbig: 22,
  hostunreach: 23,
  idrm: 24,
  ilseq: 25,
  inprogress: 26,
  intr: 27,
  inval: 28,
  io: 29,
  isconn: 30,
  isdir: 31,
  loop: 32,
  mfile: 33,
  mlink: 34,
  msgsize: 35,
  multihop: 36,
  nametoolong: 37,
  netdown: 38,
  netreset: 39,
  netunreach: 40,
  nfile: 41,
  nobufs: 42,
  nodev: 43,
  noent: 44,
  noexec: 45,
  nolck: 46,
  nolink: 47,
  nomem: 48,
  nomsg: 49,
  noprotoopt: 50,
  nospc: 51,
  nosys: 52,
  notconn: 53,
  notdir: 54,
  notempty: 55,
  notrecoverable: 56,
  notsock: 57,
  notsup: 58,
  notty: 59,
  nxio: 60,
  overflow: 61,
  ownerdead: 62,
  perm: 63,
  pipe: 64,
  proto: 65,
  protonosupport: 66,
  prototype: 67,
  range: 68,
  rofs: 69,
  spipe: 70,
  srch: 71,
  stale: 72,
  timedout: 73,
  txtbsy: 74,
  xdev: 75,
  notcapable: 76,
} as const;
export type Errno = (typeof errno)[keyof typeof errno];

/** The name of an errno as C has it, or "ESUCCESS". */
export function errorOf(number: number): string {
  return `E${Object.keys(errno)[number]?.toUpperCase() ?? number}`;
}

export const clockid = { realtime: 0, monotonic: 1, process_cputime_id: 2, thread_cputime_id: 3 } as const;

export const filetype = {
  unknown: 0,
  block_device: 1,
  character_device: 2,
  directory: 3,
  regular_file: 4,
  socket_dgram: 5,
  socket_stream: 6,
  symbolic_link: 7,
} as const;
export type Filetype = (typeof filetype)[keyof typeof filetype];

export const whence = { set: 0, cur: 1, end: 2 } as const;
export const advice = { normal: 0, sequential: 1, random: 2, willneed: 3, dontneed: 4, noreuse: 5 } as const;
export const fdflags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
export const fstflags = { atim: 1, atim_now: 2, mtim: 4, mtim_now: 8 } as const;
export const sdflags = { rd: 1, wr: 2 } as const;
export const riflags = { recv_peek: 1, recv_waitall: 2 } as const;
export const eventtype = { clock: 0, fd_read: 1, fd_write: 2 } as const;
export type Eventtype = (typeof eventtype)[keyof typeof eventtype];
export const subclockflags = { abstime: 1 } as const;

export const oflags = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
export const lookupflags = { symlink_follow: 1 } as const;

/** What may be done with a descriptor. */
export const rights = {
  fd_datasync: 0x1n,
  fd_read: 0x2n,
  fd_seek: 0x4n,
  fd_fdstat_set_flags: 0x8n,
  fd_sync: 0x10n,
  fd_tell: 0x20n,
  fd_write: 0x40n,
  fd_advise: 0x80n,
  fd_allocate: 0x100n,
  path_create_directory: 0x200n,
  path_create_file: 0x400n,
  path_link_source: 0x800n,
  path_link_target: 0x1000n,
  path_open: 0x2000n,
  fd_readdir: 0x4000n,
  path_readlink: 0x8000n,
  path_rename_source: 0x10000n,
  path_rename_target: 0x20000n,
  path_filestat_get: 0x40000n,
  path_filestat_set_size: 0x80000n,
  path_filestat_set_times: 0x100000n,
  fd_filestat_get: 0x200000n,
  fd_filestat_set_size: 0x400000n,
  fd_filestat_set_times: 0x800000n,
  path_symlink: 0x1000000n,
  path_remove_directory: 0x2000000n,
  path_unlink_file: 0x4000000n,
  poll_fd_readwrite: 0x8000000n,
  sock_shutdown: 0x10000000n,
  sock_accept: 0x20000000n,
} as const;

// Structs: the offset of each field, and the length of the whole.
export const iovec = { buf: 0, buf_len: 4, byteLength: 8 } as const;
export const fdstat = {
  fs_filetype: 0,
  fs_flags: 2,
  fs_rights_base: 8,
  fs_rights_inheriting: 16,
  byteLength: 24,
} as const;
export const filestat = {
  dev: 0,
  ino: 8,
  filetype: 16,
  nlink: 24,
  size: 32,
  atim: 40,
  mtim: 48,
  ctim: 56,
  byteLength: 64,
} as const;
export const dirent = { next: 0, ino: 8, namlen: 16, type: 20, byteLength: 24 } as const;
export const prestat = { tag: 0, pr_name_len: 4, byteLength: 8 } as const;
export const preopentype = { dir: 0 } as const;
export const subscription = {
  userdata: 0,
  tag: 8,
  clock_id: 16,
  clock_timeout: 24,
  clock_precision: 32,
  clock_flags: 40,
  fd: 16,
  byteLength: 48,
} as const;
export const event = { userdata: 0, error: 8, type: 10, nbytes: 16, flags: 24, byteLength: 32 } as const;

/** The core type that carries each type of the ABI. */
export const coreTypes = {
  fd: "i32",
  pointer: "i32",
  size: "i32",
  clockid: "i32",
  advice: "i32",
  whence: "i32",
  fdflags: "i32",
  fstflags: "i32",
  lookupflags: "i32",
  oflags: "i32",
  riflags: "i32",
  siflags: "i32",
  sdflags: "i32",
  exitcode: "i32",
  signal: "i32",
  filesize: "i64",
  filedelta: "i64",
  timestamp: "i64",
  dircookie: "i64",
  rights: "i64",
} as const;
export type AbiType = keyof typeof coreTypes;
export type Parameter = readonly [name: string, type: AbiType];

/** The names of what a type of the ABI has values for; several of those at once, where they are flags. */
interface AbiNames {
  readonly values: Readonly<Record<string, number | bigint>>;
  readonly areFlags: boolean;
}
export const abiNames: { readonly [T in AbiType]?: AbiNames } = {
  clockid: { values: clockid, areFlags: false },
  advice: { values: advice, areFlags: false },
  whence: { values: whence, areFlags: false },
  fdflags: { values: fdflags, areFlags: true },
  fstflags: { values: fstflags, areFlags: true },
  lookupflags: { values: lookupflags, areFlags: true },
  oflags: { values: oflags, areFlags: true },
  riflags: { values: riflags, areFlags: true },
  sdflags: { values: sdflags, areFlags: true },
  rights: { values: rights, areFlags: true },
};

/** The 46 functions with the names and types of their parameters; `result.…` points to where a result goes. All but proc_exit give an errno. */
// biome-ignore format: one function a line
export const functions = {
  args_get: [["argv", "pointer"], ["argv_buf", "pointer"]],
  args_sizes_get: [["result.argc", "pointer"], ["result.argv_len", "pointer"]],
  environ_get: [["environ", "pointer"], ["environ_buf", "pointer"]],
  environ_sizes_get: [["result.environc", "pointer"], ["result.environv_len", "pointer"]],
  clock_res_get: [["id", "clockid"], ["result.resolution", "pointer"]],
  clock_time_get: [["id", "clockid"], ["precision", "timestamp"], ["result.timestamp", "pointer"]],
  fd_advise: [["fd", "fd"], ["offset", "filesize"], ["len", "filesize"], ["advice", "advice"]],
  fd_allocate: [["fd", "fd"], ["offset", "filesize"], ["len", "filesize"]],
  fd_close: [["fd", "fd"]],
  fd_datasync: [["fd", "fd"]],
  fd_fdstat_get: [["fd", "fd"], ["result.stat", "pointer"]],
  fd_fdstat_set_flags: [["fd", "fd"], ["flags", "fdflags"]],
  fd_fdstat_set_rights: [["fd", "fd"], ["fs_rights_base", "rights"], ["fs_rights_inheriting", "rights"]],
  fd_filestat_get: [["fd", "fd"], ["result.filestat", "pointer"]],
  fd_filestat_set_size: [["fd", "fd"], ["size", "filesize"]],
  fd_filestat_set_times: [["fd", "fd"], ["atim", "timestamp"], ["mtim", "timestamp"], ["fst_flags", "fstflags"]],
  fd_pread: [["fd", "fd"], ["iovs", "pointer"], ["iovs_len", "size"], ["offset", "filesize"], ["result.nread", "pointer"]],
  fd_prestat_get: [["fd", "fd"], ["result.prestat", "pointer"]],
  fd_prestat_dir_name: [["fd", "fd"], ["path", "pointer"], ["path_len", "size"]],
  fd_pwrite: [["fd", "fd"], ["iovs", "pointer"], ["iovs_len", "size"], ["offset", "filesize"], ["result.nwritten", "pointer"]],
  fd_read: [["fd", "fd"], ["iovs", "pointer"], ["iovs_len", "size"], ["result.nread", "pointer"]],
  fd_readdir: [["fd", "fd"], ["buf", "pointer"], ["buf_len", "size"], ["cookie", "dircookie"], ["result.bufused", "pointer"]],
  fd_renumber: [["fd", "fd"], ["to", "fd"]],
  fd_seek: [["fd", "fd"], ["offset", "filedelta"], ["whence", "whence"], ["result.newoffset", "pointer"]],
  fd_sync: [["fd", "fd"]],
  fd_tell: [["fd", "fd"], ["result.offset", "pointer"]],
  fd_write: [["fd", "fd"], ["iovs", "pointer"], ["iovs_len", "size"], ["result.nwritten", "pointer"]],
  path_create_directory: [["fd", "fd"], ["path", "pointer"], ["path_len", "size"]],
  path_filestat_get: [["fd", "fd"], ["flags", "lookupflags"], ["path", "pointer"], ["path_len", "size"], ["result.filestat", "pointer"]],
  path_filestat_set_times: [["fd", "fd"], ["flags", "lookupflags"], ["path", "pointer"], ["path_len", "size"], ["atim", "timestamp"], ["mtim", "timestamp"], ["fst_flags", "fstflags"]],
  path_link: [["old_fd", "fd"], ["old_flags", "lookupflags"], ["old_path", "pointer"], ["old_path_len", "size"], ["new_fd", "fd"], ["new_path", "pointer"], ["new_path_len", "size"]],
  path_open: [["fd", "fd"], ["dirflags", "lookupflags"], ["path", "pointer"], ["path_len", "size"], ["oflags", "oflags"], ["fs_rights_base", "rights"], ["fs_rights_inheriting", "rights"], ["fdflags", "fdflags"], ["result.opened_fd", "pointer"]],
  path_readlink: [["fd", "fd"], ["path", "pointer"], ["path_len", "size"], ["buf", "pointer"], ["buf_len", "size"], ["result.bufused", "pointer"]],
  path_remove_directory: [["fd", "fd"], ["path", "pointer"], ["path_len", "size"]],
  path_rename: [["fd", "fd"], ["old_path", "pointer"], ["old_path_len", "size"], ["new_fd", "fd"], ["new_path", "pointer"], ["new_path_len", "size"]],
  path_symlink: [["old_path", "pointer"], ["old_path_len", "size"], ["fd", "fd"], ["new_path", "pointer"], ["new_path_len", "size"]],
  path_unlink_file: [["fd", "fd"], ["path", "pointer"], ["path_len", "size"]],
  poll_oneoff: [["in", "pointer"], ["out", "pointer"], ["nsubscriptions", "size"], ["result.nevents", "pointer"]],
  proc_exit: [["rval", "exitcode"]],
  proc_raise: [["sig", "signal"]],
  sched_yield: [],
  random_get: [["buf", "pointer"], ["buf_len", "size"]],
  sock_accept: [["fd", "fd"], ["flags", "fdflags"], ["result.fd", "pointer"]],
  sock_recv: [["fd", "fd"], ["ri_data", "pointer"], ["ri_data_len", "size"], ["ri_flags", "riflags"], ["result.ro_datalen", "pointer"], ["result.ro_flags", "pointer"]],
  sock_send: [["fd", "fd"], ["si_data", "pointer"], ["si_data_len", "size"], ["si_flags", "siflags"], ["result.so_datalen", "pointer"]],
  sock_shutdown: [["fd", "fd"], ["how", "sdflags"]],
} as const;
export type FunctionName = keyof typeof functions;
