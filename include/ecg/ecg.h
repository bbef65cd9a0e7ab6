/* The classifier as a C interface: for programs in C and whatever calls it, as Python's ctypes
 * does. The library is libecg; no function throws, prints or ends the process.
 *
 * A model may be used by several threads at a time; they do not wait for each other. */
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
  ECG_INTERNAL = 1,       /* a fault of the library, or memory ran out */
  ECG_USAGE = 2,          /* arguments that cannot be */
  ECG_INPUT = 3,          /* a model or recording: missing, damaged, too large or of no use */
  ECG_UNCLASSIFIABLE = 4, /* a recording that shows no heart: nothing can be said of it */
  ECG_DIVERGED = 6        /* the network says nothing finite of this recording */
} ecg_status;

/* As in "0.1.0". */
const char* ecg_version(void);

/* Of this thread's last call that failed: file, line, field and reason. Never NULL; valid until
 * this thread's next call. */
const char* ecg_last_error(void);

/* Loads a model bundle or an ensemble from its folder, or a model that ships by its name ("" is the
 * default one). `threads` compute; 0: all that this process may use. On success *model must be
 * freed by ecg_free; else it is NULL. */
ecg_status ecg_load(const char* model_or_folder, int threads, ecg_model** model);
/* The same, to decide by an operating point of the model, as "sensitive"; "" is its usual one. */
ecg_status ecg_load_point(const char* model_or_folder, const char* point, int threads,
                          ecg_model** model);
/* Loads a bundle from the bytes of its two files, model.json and weights.safetensors. */
ecg_status ecg_load_memory(const void* description, size_t description_size, const void* weights,
                           size_t weights_size, int threads, ecg_model** model);
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

/* A recording with what is known of the patient. Zero all of it, then set `size` to
 * sizeof(ecg_recording): later versions add members at the end. */
typedef struct {
  size_t size;
  const float* millivolts; /* [lead_count][sample_count]; NaN: a missing sample */
  size_t lead_count;
  size_t sample_count;
  const char* const* leads; /* names, as in "II" */
  double sampling_rate;     /* Hz */
  double age;               /* years; 0 or less, or NaN: not known */
  char sex;                 /* 'f', 'm'; anything else: not known */
} ecg_recording;

/* What is asked besides probabilities and decisions; a sum of these. */
enum {
  ECG_ASK_FAULTS = 1,  /* of leads: see ecg_answer_flag, and the number "quality" */
  ECG_ASK_MEASURE = 2, /* intervals and rate: see ecg_answer_number */
  ECG_ASK_PEAKS = 4    /* P, Q, R, S, T by the network, where it was trained to find them */
};

/* All that is said of one recording. */
typedef struct ecg_answer ecg_answer;

/* Asks about `count` recordings at a time, whose windows are computed together. answers[i] is what
 * is said of recordings[i], also where that is an error of this recording alone; each must be freed
 * by ecg_answer_free. Where the call itself fails all answers are NULL. */
ecg_status ecg_ask(ecg_model* model, const ecg_recording* recordings, size_t count, unsigned wishes,
                   ecg_answer** answers);
void ecg_answer_free(ecg_answer* answer); /* NULL is allowed */

/* Whether anything is said of the recording, and if not the reason. */
ecg_status ecg_answer_status(const ecg_answer* answer);
const char* ecg_answer_error(const ecg_answer* answer); /* "" where nothing is wrong */

/* Of class `index`; NaN and 0 where it is none, or nothing is said. A threshold is NaN where nobody
 * looked for the class. The spread is the standard deviation between an ensemble's members. */
float ecg_answer_probability(const ecg_answer* answer, size_t index);
double ecg_answer_threshold(const ecg_answer* answer, size_t index);
float ecg_answer_spread(const ecg_answer* answer, size_t index);
int ecg_answer_decision(const ecg_answer* answer, size_t index);

/* A figure by name; NaN where it cannot be told or was not asked for: "uncertainty",
 * "source_probability", "by_specialists", and what was measured: "beats", "heart_rate_bpm",
 * "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qrs_axis_degrees" and whatever else
 * ecgdelineate
 * --intervals names so. */
double ecg_answer_number(const ecg_answer* answer, const char* name);

/* What makes the recording doubtful, as in "V1 flat"; NULL where `index` is too large. */
size_t ecg_answer_flag_count(const ecg_answer* answer);
const char* ecg_answer_flag(const ecg_answer* answer, size_t index);

/* Peaks in the order of time: seconds from the start, and one of 'P', 'Q', 'R', 'S', 'T'. Returns 0
 * where `index` is too large, else 1. */
size_t ecg_answer_peak_count(const ecg_answer* answer);
int ecg_answer_peak(const ecg_answer* answer, size_t index, double* seconds, char* type);

/* A recording that is still going on, of which the last seconds are kept and nothing else: memory
 * and the time that an answer takes do not grow. Samples may be added by one thread while another
 * one asks. */
typedef struct ecg_stream ecg_stream;

/* Of `about` its leads, sampling rate, age and sex count; it needs no samples, nor its leads' names
 * afterwards. `seconds` of samples are looked at, 600 at most; 0: what the model sees at a time. On
 * success *stream must be freed by ecg_stream_free, before the model is; else it is NULL. */
ecg_status ecg_stream_open(ecg_model* model, const ecg_recording* about, double seconds,
                           ecg_stream** stream);
void ecg_stream_free(ecg_stream* stream); /* NULL is allowed */

/* Adds the samples that follow, [lead_count][sample_count] in the order of the leads; NaN stands
 * for a missing one. Where that fails nothing is added. */
ecg_status ecg_stream_append(ecg_stream* stream, const float* millivolts, size_t lead_count,
                             size_t sample_count);

/* Seconds that were added since the stream was opened. */
double ecg_stream_seconds(const ecg_stream* stream);

/* What ecg_classify and ecg_ask say, to the bit, of a recording that holds the last samples, as
 * many as there are of the seconds that are looked at. *answer must be freed by ecg_answer_free. */
ecg_status ecg_stream_classify(const ecg_stream* stream, float* probabilities,
                               unsigned char* decisions);
ecg_status ecg_stream_ask(const ecg_stream* stream, unsigned wishes, ecg_answer** answer);

#ifdef __cplusplus
}
#endif

#endif
