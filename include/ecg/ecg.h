/* The classifier as a C interface: for programs in C and whatever calls it, as Python's ctypes
 * does. The library is libecg; no function throws, prints or ends the process.
 *
 * A model may be used by several threads; they wait for each other. */
#ifndef ECG_ECG_H
#define ECG_ECG_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ecg_model ecg_model;

/* As the exit codes of the tools. ecg_last_error says more. */
typedef enum {
  ECG_OK = 0,
  ECG_INTERNAL = 1, /* a fault of the library, or memory ran out */
  ECG_USAGE = 2,    /* arguments that cannot be */
  ECG_INPUT = 3,    /* a model or recording that is missing, damaged or of no use */
  ECG_DIVERGED = 6  /* the network says nothing finite of this recording */
} ecg_status;

/* As in "0.1.0". */
const char* ecg_version(void);

/* Of this thread's last call that failed: file, line, field and reason. Never NULL; valid until
 * this thread's next call. */
const char* ecg_last_error(void);

/* Loads a model bundle or an ensemble from its folder. `threads` compute; 0: all that this process
 * may use. On success *model must be freed by ecg_free; else it is NULL. */
ecg_status ecg_load(const char* folder, int threads, ecg_model** model);
void ecg_free(ecg_model* model); /* NULL is allowed */

/* The classes that the model tells apart. Texts are valid as long as the model; NULL where `index`
 * is no class. Codes are SNOMED CT, equivalent ones joined by '|'. */
size_t ecg_class_count(const ecg_model* model);
const char* ecg_class_abbreviation(const ecg_model* model, size_t index);
const char* ecg_class_name(const ecg_model* model, size_t index);
const char* ecg_class_codes(const ecg_model* model, size_t index);

/* Classifies one recording: `millivolts` is [lead_count][sample_count], `leads` their names, as in
 * "II" and "V1". NaN stands for a missing sample. `probabilities` and `decisions` (0 or 1) hold
 * ecg_class_count values each; either may be NULL. */
ecg_status ecg_classify(ecg_model* model, const float* millivolts, size_t lead_count,
                        size_t sample_count, const char* const* leads, double sampling_rate,
                        float* probabilities, unsigned char* decisions);

#ifdef __cplusplus
}
#endif

#endif
