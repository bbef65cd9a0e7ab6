// How a program with networks allocates: see src/train/README.md. Has no effect where it is not
// linked with jemalloc.

extern "C" {
// jemalloc looks for this name. What was freed is kept for ten seconds: in each pass tensors of
// some megabytes come and go, and what the system takes back it would have to fill with zeros
// again. Kept for ever, it is not joined either, and training grew by 3 GB an epoch.
extern const char* const malloc_conf;
const char* const malloc_conf = "dirty_decay_ms:10000,muzzy_decay_ms:0,thp:always";
}
