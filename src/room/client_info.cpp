#include <coroom/client_info.hpp>

#include <boost/uuid/random_generator.hpp>

namespace coroom {

boost::uuids::uuid new_client_id() {
  thread_local boost::uuids::random_generator_mt19937 generator;
  return generator();
}

}  // namespace coroom
