#include "attack/neighbours.hpp"

#include "attack/vitals.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>

namespace coroom::test {

Neighbours::Neighbours(std::vector<pid_t> us) : us_(std::move(us)), before_(now()) {}

double Neighbours::share() const {
  const ProcessorTimes after = now();
  const auto used = std::max(after.others - before_.others, std::chrono::milliseconds(0));
  return static_cast<double>(used.count()) / static_cast<double>((after.machine - before_.machine).count());
}

Neighbours::ProcessorTimes Neighbours::now() const {
  std::ifstream file("/proc/stat");
  std::string name;
  long user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0;
  file >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> soft >> stolen;
  const auto time = [](long ticks) { return std::chrono::milliseconds(ticks * 1000 / sysconf(_SC_CLK_TCK)); };
  ProcessorTimes times{.machine = time(user + nice + system + idle + waiting + interrupts + soft + stolen),
                       .others = time(user + system + stolen)};
  for (const pid_t process : us_) times.others -= Vitals(process).busy();
  return times;
}

}  // namespace coroom::test
