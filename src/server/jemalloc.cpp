/// jemalloc reads it when the program starts; MALLOC_CONF in the environment goes over it.
///
/// What a crowd or an attack has taken goes back to the system a few seconds after they have left, on a
/// thread that sleeps while there is nothing to do. By glibc's malloc it would stay for ever: of each
/// connection there was, Asio keeps a small object for the next one, and each of them would hold a page of
/// what lay around it. Blocks of a room are as large as 256 KiB, and new each turn: a thread keeps such for
/// itself.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:3000,muzzy_decay_ms:0,lg_tcache_max:20";
