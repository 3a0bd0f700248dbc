#include <coroom/author.hpp>

#include <boost/uuid/random_generator.hpp>

namespace coroom {

boost::uuids::uuid new_client() {
  thread_local boost::uuids::random_generator_mt19937 generator;
  return generator();
}

}  // namespace coroom
