/// jemalloc reads this string when the program starts; MALLOC_CONF in the environment takes precedence.
///
/// With it, memory that many clients or an attack used returns to the system a few seconds after they leave.
/// A background thread does that, and sleeps while there is nothing to do. With glibc's malloc the memory
/// would never return. Asio keeps a small object of each closed connection for the next one, and each such
/// object would hold a page. The blocks of a room take up to 256 KiB and are allocated anew each turn, so
/// threads cache blocks of that size.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:3000,muzzy_decay_ms:0,lg_tcache_max:20";
